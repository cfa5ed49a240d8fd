// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What Postfix 3.7 said to some lines, for machines that do not have it: {@code == setting}, then {@code C:} and {@code S:} in
 * turn, escaped as in the dialogues.
 */
final class RecordedReplies {
    private static final int LINE_LENGTH_MAX = 120;
    private static final int STEP = 7;

    private RecordedReplies() {}

    /** Some of the lines, and all that another one depends on. */
    static void append(Path file, OurServer.Mode mode, List<String> lines, List<String> replies) throws IOException {
        List<String> out = new ArrayList<>(List.of("== " + mode.setting()));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean prepares = line.equals("RSET") || i == 1;
            boolean wanted = i % STEP == 0 && line.length() < LINE_LENGTH_MAX && !Deliberate.concerns(line);
            boolean needed = prepares && i + 1 < lines.size() && (i < 2 || (i + 1) % STEP == 0);
            if (wanted && !prepares || needed) {
                out.add("C: " + escape(line));
                out.add("S: "
                        + escape(new String(
                                replies.get(i).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
            }
        }
        Files.write(file, out, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String escape(String latin1) {
        StringBuilder out = new StringBuilder();
        latin1.chars().forEach(c -> {
            if (c == '\\') {
                out.append("\\\\");
            } else if (c < ' ' || c >= 0x7f) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
