// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What Postfix 3.7 said to some lines, for machines that do not have it: dialogues, each with a setting for its title, in
 * which {@code C:} and {@code S:} take turns.
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
                out.add("C: " + Dialogue.escape(line));
                out.add("S: "
                        + Dialogue.escape(new String(
                                replies.get(i).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
            }
        }
        Files.write(file, out, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
