// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of messages and of what looks into them; the file says how it is written. */
final class ChecksFile {
    private static final Pattern OCTET = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Pattern REPEATED = Pattern.compile("(.*)\\(\\*(\\d+)\\) (\\S+)(.*)");

    /** @param lines one char an octet */
    record Message(String title, List<String> lines) {}

    /**
     * @param cleanup what its cleanup row overrides
     * @param smtpd what its smtpd row overrides
     * @param client what the row of a client overrides by which its messages go out; empty: they go by the common one
     * @param tables lines by name
     */
    record Block(
            String title,
            List<String> cleanup,
            List<String> smtpd,
            List<String> client,
            Map<String, List<String>> tables,
            List<Message> messages) {}

    private ChecksFile() {}

    static List<Block> read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> into = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
            if (line.startsWith("== ")) {
                blocks.add(new Block(
                        line.substring(3),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new LinkedHashMap<>(),
                        new ArrayList<>()));
                into = blocks.get(blocks.size() - 1).cleanup();
            } else if (last != null && line.startsWith("-- ")) {
                into = new ArrayList<>();
                last.tables().put(line.substring(3), into);
            } else if (last != null && line.startsWith(">> ")) {
                into = new ArrayList<>();
                last.messages().add(new Message(line.substring(3), into));
            } else if (last != null && into == last.cleanup() && line.startsWith("smtpd ")) {
                last.smtpd().add(line.substring("smtpd ".length()));
            } else if (last != null && into == last.cleanup() && line.startsWith("smtp ")) {
                last.client().add(line.substring("smtp ".length()));
            } else if (last != null) {
                into.add(last.messages().isEmpty() ? line : octets(line));
            }
        }
        blocks.forEach(block -> {
            trim(block.cleanup());
            block.messages().forEach(message -> trim(message.lines()));
        });
        return blocks;
    }

    private static void trim(List<String> lines) {
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
    }

    private static String octets(String line) {
        Matcher repeated = REPEATED.matcher(line);
        String text = repeated.matches()
                ? repeated.group(1) + repeated.group(3).repeat(Integer.parseInt(repeated.group(2))) + repeated.group(4)
                : line;
        return OCTET.matcher(text).replaceAll(octet -> String.valueOf((char) Integer.parseInt(octet.group(1), 16)));
    }
}
