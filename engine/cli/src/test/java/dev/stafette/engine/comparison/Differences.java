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

/** Cases that are answered in another way here than there; of each, the first difference. */
final class Differences {
    private static final String HEAD =
            "# Cases of cases.txt that ours answers in another way than Postfix, and why. The test fails when one agrees: it goes.";
    private static final String WHY = "    why:     ";

    private final Map<String, List<String>> byCase = new LinkedHashMap<>();

    /** By block, case and command. */
    static Differences between(
            CaseFile file, List<List<List<List<String>>>> expected, List<List<List<List<String>>>> said) {
        Differences differences = new Differences();
        for (int i = 0; i < file.blocks().size(); i++) {
            Block block = file.blocks().get(i);
            for (int j = 0; j < block.cases().size(); j++) {
                Case one = block.cases().get(j);
                for (int k = 0; k < one.exchanges().size(); k++) {
                    List<String> there = expected.get(i).get(j).get(k);
                    List<String> here = said.get(i).get(j).get(k);
                    if (!there.equals(here)) {
                        differences.add(
                                block.key(one),
                                "C: " + one.exchanges().get(k).command(),
                                "Postfix: " + String.join(" / ", there),
                                "here:    " + String.join(" / ", here));
                    }
                }
            }
        }
        return differences;
    }

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

    /** {@code room}: whose reasons are kept. */
    void write(String room, Path file) throws IOException {
        Map<String, String> reasons = pending(room);
        List<String> all = new ArrayList<>(List.of(HEAD));
        byCase.forEach((key, lines) -> {
            all.add(key);
            all.add(WHY + reasons.getOrDefault(key, ""));
            lines.forEach(line -> all.add("    " + line));
        });
        Files.write(file, all);
    }

    /** Those that {@code pending.txt} of that room does not list with a reason, and what it lists for nothing. */
    List<String> beside(String room) throws IOException {
        List<String> wrong = new ArrayList<>();
        Map<String, String> pending = pending(room);
        byCase.forEach((key, lines) -> {
            String why = pending.remove(key);
            if (why == null || why.isBlank()) {
                wrong.add(key);
                lines.forEach(line -> wrong.add("    " + line));
            }
        });
        for (String key : pending.keySet()) {
            wrong.add(key);
            wrong.add("    agrees now, or is no more: take it out of " + room + "/pending.txt (by hand, or with " + room
                    + ".record)");
        }
        return wrong;
    }

    /** The reasons by case. */
    private static Map<String, String> pending(String room) throws IOException {
        String resource = "/" + room + "/pending.txt";
        try (InputStream in = Objects.requireNonNull(Differences.class.getResourceAsStream(resource), resource)) {
            Map<String, String> reasons = new LinkedHashMap<>();
            String key = "";
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith(WHY)) {
                    reasons.put(key, line.substring(WHY.length()));
                } else if (!line.isBlank() && !line.startsWith("#") && !line.startsWith(" ")) {
                    key = line;
                    reasons.put(key, "");
                }
            }
            return reasons;
        }
    }
}
