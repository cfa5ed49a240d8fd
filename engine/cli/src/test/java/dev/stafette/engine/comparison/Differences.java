// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Cases that are answered in another way here than there; of each, the first difference. */
final class Differences {
    private static final String HEAD =
            "# Cases of cases.txt that ours answers in another way than Postfix. The test fails when one of them agrees: it goes.";

    private final Map<String, List<String>> byCase = new LinkedHashMap<>();

    void add(String key, String... lines) {
        byCase.putIfAbsent(key, List.of(lines));
    }

    List<String> lines() {
        List<String> all = new ArrayList<>();
        byCase.forEach((key, lines) -> {
            all.add(key);
            lines.forEach(line -> all.add("    " + line));
        });
        return all;
    }

    void write(Path file) throws IOException {
        List<String> all = new ArrayList<>(List.of(HEAD));
        all.addAll(lines());
        Files.write(file, all);
    }

    /** Those that {@code pending.txt} of that room does not list, and what it lists for nothing. */
    List<String> beside(String room) throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> pending = pending("/" + room + "/pending.txt");
        byCase.forEach((key, lines) -> {
            if (!pending.remove(key)) {
                wrong.add(key);
                lines.forEach(line -> wrong.add("    " + line));
            }
        });
        for (String key : pending) {
            wrong.add(key);
            wrong.add("    agrees now, or is no more: take it out of " + room + "/pending.txt (by hand, or with " + room
                    + ".record)");
        }
        return wrong;
    }

    private static Set<String> pending(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(Differences.class.getResourceAsStream(resource), resource)) {
            Set<String> keys = new TreeSet<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith(" "))
                    .forEach(keys::add);
            return keys;
        }
    }
}
