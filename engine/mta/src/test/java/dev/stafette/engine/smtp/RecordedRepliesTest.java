// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What Postfix said when it was asked; {@link CommandComparisonIT} asks it where it is installed. */
class RecordedRepliesTest {
    private int compared;

    @Test
    void answersAsPostfixDid() throws IOException {
        List<String> lines = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        OurServer.Mode mode = OurServer.LENIENT;
        for (String line : read()) {
            String text = line.length() > 3 ? line.substring(3) : "";
            switch (line.substring(0, Math.min(3, line.length()))) {
                case "C: " -> lines.add(Dialogue.unescapeText(text));
                case "S: " -> expected.add(text);
                case "== " -> {
                    compare(mode, lines, expected);
                    mode = new OurServer.Mode(text);
                }
                default -> assertTrue(line.startsWith("#"), line);
            }
        }
        compare(mode, lines, expected);
        assertTrue(compared > 500, "lines: " + compared);
    }

    private void compare(OurServer.Mode mode, List<String> lines, List<String> expected) {
        List<String> ours = lines.isEmpty() ? List.of() : OurServer.ask(mode, lines);
        for (int i = 0; i < lines.size(); i++) {
            assertEquals(utf8(Dialogue.unescapeText(expected.get(i))), ours.get(i), lines.get(i));
            compared++;
        }
        lines.clear();
        expected.clear();
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static List<String> read() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RecordedRepliesTest.class.getResourceAsStream("/smtp-lines/recorded.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }
}
