// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Postfix said when it was asked; {@link CommandComparisonIT} asks it where it is installed. */
class RecordedRepliesTest {
    @Test
    void answersAsPostfixDid() throws IOException {
        int compared = 0;
        for (Dialogue.Section section : Dialogue.read(RecordedRepliesTest.class, "/smtp-lines/recorded.txt")) {
            List<String> lines =
                    section.texts("C:").stream().map(Dialogue::unescape).toList();
            List<String> expected = section.texts("S:");
            List<String> ours = OurServer.ask(new OurServer.Mode(section.title()), lines);
            for (int i = 0; i < lines.size(); i++) {
                assertEquals(utf8(Dialogue.unescape(expected.get(i))), ours.get(i), lines.get(i));
            }
            compared += lines.size();
        }
        assertTrue(compared > 500, "lines: " + compared);
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
