// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Dialogue.Line;
import dev.stafette.codec.testing.Dialogue.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialogueGrammarTest {
    @Test
    void partsAFileInSectionsOfKeyedLines() {
        List<String> file =
                List.of("# remark", "@timeout 200", "S: 220 x", "", "== two", "C:", "S! close", "1 RCPT: 250 ok");
        assertEquals(
                List.of(
                        new Section("", List.of(new Line("@timeout", "200"), new Line("S:", "220 x"))),
                        new Section(
                                "two",
                                List.of(new Line("C:", ""), new Line("S!", "close"), new Line("1 RCPT:", "250 ok")))),
                Dialogue.parse("test", file));
        assertThrows(IllegalArgumentException.class, () -> Dialogue.parse("test", List.of("what is this")));
    }

    @Test
    void readsBytesOutOfText() {
        assertEquals("a\r\n", Dialogue.wire("a"));
        assertEquals("a", Dialogue.wire("a\\c"));
        assertEquals("\u001b[31m\u00ff\0\t\\", Dialogue.unescape("\\x1b[31m\\xff\\0\\t\\\\"));
        assertEquals("<xy\nxy\n>{a}", Dialogue.unescape("<{2*xy\\n}>{a}"));
        assertThrows(IllegalArgumentException.class, () -> Dialogue.unescape("\\q"));
    }

    @Test
    void writesWhatItReads() {
        String bytes = "\u0000\\x\u00e9";
        assertEquals(bytes, Dialogue.unescape(Dialogue.escape(bytes)));
    }

    @Test
    void matchesPatternsAsAWhole() {
        assertTrue(Dialogue.matches("250 * queued as *", "250 2.0.0 Ok: queued as 1"));
        assertFalse(Dialogue.matches("250", "250 x"));
        assertFalse(Dialogue.matches("250 .*", "250 xx"));
    }
}
