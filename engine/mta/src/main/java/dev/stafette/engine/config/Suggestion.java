// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Finds what somebody may have meant.
 * Thread: any (stateless).
 */
final class Suggestion {
    /** Beyond three slips a name is more likely somebody's own than a misspelt one. */
    private static final int DISTANCE_MAX = 3;

    private Suggestion() {}

    /** The nearest of the names, null when none is near; for short names near means nearer. */
    static @Nullable String nearest(String word, Collection<String> names) {
        int best = Math.min(DISTANCE_MAX, word.length() / 4) + 1;
        @Nullable String nearest = null;
        for (String name : names) {
            if (Math.abs(name.length() - word.length()) < best) {
                int distance = distance(word, name);
                if (distance < best) {
                    best = distance;
                    nearest = name;
                }
            }
        }
        return nearest;
    }

    /** Insertions, deletions, replacements, and swaps of neighbours, each counting one. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int cost = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost = Math.min(cost, beforeLast[j - 2] + 1);
                }
                row[j] = cost;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
