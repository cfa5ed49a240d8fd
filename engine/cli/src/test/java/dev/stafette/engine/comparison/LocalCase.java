// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A case of {@code local/cases.txt}: what is there, and what is sent. */
record LocalCase(String title, String user, List<String> lines) {
    /** All of the file, each with a user of its own. */
    static List<LocalCase> read(List<String> text) {
        List<LocalCase> cases = new ArrayList<>();
        for (String line : text) {
            if (line.startsWith("== ")) {
                cases.add(new LocalCase(line.substring(3), "c" + cases.size(), new ArrayList<>()));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                cases.get(cases.size() - 1).lines().add(line);
            }
        }
        return cases;
    }

    /** With the names of one side; {@code base}: its directory. */
    private String expand(String text, Path base) {
        return text.replace("%h", "%b/home/%u")
                .replace("%u", user)
                .replace("%U", user.toUpperCase(Locale.ROOT))
                .replace("%b", base.toString());
    }

    List<String> all(String key, Path base) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ' '))
                .map(line -> expand(line.substring(key.length() + 1), base))
                .toList();
    }

    /** Files, before the programs start. */
    void write(Path base) throws IOException {
        for (String line : all("file", base)) {
            String[] words = line.split(" ", 3);
            write(Path.of(words[0]), words[1], unescape(words[2]));
        }
        for (String line : all("fill", base)) {
            String[] words = line.split(" ");
            write(Path.of(words[0]), "0600", "x".repeat(Integer.parseInt(words[1]) - 1) + "\n");
        }
        for (String line : all("link", base)) {
            String[] words = line.split(" ");
            Files.createSymbolicLink(Path.of(words[0]), Path.of(words[1]));
        }
        for (String line : all("hard", base)) {
            String[] words = line.split(" ");
            Files.createLink(Path.of(words[0]), Path.of(words[1]));
        }
    }

    /** Files that are root's when all others have been given away. */
    void writeOwn(Path base) throws IOException {
        for (String line : all("own", base)) {
            write(Path.of(line.split(" ")[1]), "0666", "");
        }
    }

    private static void write(Path file, String mode, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder("rwxrwxrwx");
        int bits = Integer.parseInt(mode, 8);
        for (int i = 0; i < 9; i++) {
            if ((bits >> (8 - i) & 1) == 0) {
                text.setCharAt(i, '-');
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(text.toString()));
    }

    private static String unescape(String text) {
        return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\");
    }

    List<String> bodies(Path base) {
        List<String> bodies = all("body", base);
        return bodies.isEmpty()
                ? List.of("hello")
                : bodies.stream().map(LocalCase::unescape).toList();
    }
}
