// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What names of earlier releases are called today: {@code legacy-names.txt}, beside this class.
 * Thread: any (it does not change).
 */
final class LegacyNames {
    private static final String TABLE = "legacy-names.txt";

    /** Has an argument today that was a parameter of its own. */
    private static final String MAPS_RBL = "reject_maps_rbl";

    /** What they did is more than what takes their place, and they still do it. */
    private static final Set<String> ALIVE = Set.of("check_relay_domains", "permit_naked_ip_address");

    private final Map<String, String> renamed = new HashMap<>();
    private final Map<String, String> replaced = new HashMap<>();
    private final Map<String, String> restrictions = new HashMap<>();

    private LegacyNames() {}

    private static final class Holder {
        private static final LegacyNames TABLE_READ = read(Parameters.resource(TABLE));
    }

    static LegacyNames table() {
        return Holder.TABLE_READ;
    }

    private static LegacyNames read(String text) {
        LegacyNames names = new LegacyNames();
        Map<String, String> section = names.renamed;
        for (LogicalLine line : LogicalLine.split(text)) {
            switch (line.text()) {
                case "[renamed]" -> section = names.renamed;
                case "[replaced]" -> section = names.replaced;
                case "[restrictions]" -> section = names.restrictions;
                default -> {
                    int equals = line.text().indexOf('=');
                    section.put(
                            LogicalLine.trim(line.text().substring(0, equals)),
                            LogicalLine.trim(line.text().substring(equals + 1)));
                }
            }
        }
        return names;
    }

    /** What does today, in its own way, what the parameter did; null when it is none of those. */
    @Nullable
    String replaced(String parameter) {
        return replaced.get(parameter);
    }

    /** Either of the two; null when the parameter is one of today. */
    @Nullable
    String today(String parameter) {
        String successor = renamed.get(parameter);
        return successor == null ? replaced.get(parameter) : successor;
    }

    /** Empty: it has no meaning any more, and is left out; null: the word is one of today. */
    @Nullable
    String restriction(String word) {
        return restrictions.get(word);
    }

    /** Whether it does still what it did. */
    boolean isAlive(String word) {
        return ALIVE.contains(word);
    }

    /** A list of restrictions in the words of today. {@code rblDomains}: {@code maps_rbl_domains}. */
    List<String> modernised(List<String> words, List<String> rblDomains) {
        List<String> modern = new ArrayList<>(words.size());
        for (String word : words) {
            String today = restrictions.get(word);
            if (today == null || ALIVE.contains(word)) {
                modern.add(word);
            } else if (word.equals(MAPS_RBL)) {
                for (String domain : rblDomains) {
                    modern.add(today);
                    modern.add(domain);
                }
            } else if (!today.isEmpty()) {
                modern.add(today);
            }
        }
        return modern;
    }

    /** In alphabetical order, as are the other two. */
    Map<String, String> renamed() {
        return new TreeMap<>(renamed);
    }

    Map<String, String> replaced() {
        return new TreeMap<>(replaced);
    }

    Map<String, String> restrictions() {
        return new TreeMap<>(restrictions);
    }
}
