// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logical lines of a source. */
class SourceLinesTest {
    private final List<String> warnings = new ArrayList<>();

    private List<String> read(byte[] text) throws IOException {
        List<String> read = new ArrayList<>();
        try (SourceLines lines = new SourceLines("f", new ByteArrayInputStream(text), warnings::add)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                read.add(lines.number() + " " + line);
            }
        }
        return read;
    }

    private List<String> read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void joinsContinuedLinesAndSkipsCommentsBetween() throws IOException {
        assertEquals(List.of("2 a b  c", "7 d e"), read("# x\na b\n# y\n\n  c\n  # z\nd e"));
    }

    @Test
    void keepsWhiteSpaceAtTheEnd() throws IOException {
        assertEquals(List.of("1 a b \t\r", "2 c"), read("a b \t\r\nc\n"));
    }

    @Test
    void leavesOutALineThatContinuesNothing() throws IOException {
        assertEquals(List.of("2 b c"), read("  a 1\nb c\n"));
        assertEquals(List.of("f: logical line must not start with whitespace: \"  a 1\""), warnings);
    }

    @Test
    void leavesOutALineThatIsNoUtf8() throws IOException {
        assertEquals(List.of("2 \u00e4 x"), read("k\u00ff 1\n\u00c3\u00a4 x\n"));
        assertEquals(List.of("f, line 1: non-UTF-8 input \"k? 1\" -- ignoring this line"), warnings);
    }

    @Test
    void readsLinesLongerThanItsBuffer() throws IOException {
        String longLine = "k " + "v".repeat(200_000);
        assertEquals(List.of("1 " + longLine, "2 b c"), read(longLine + "\nb c\n"));
    }
}
