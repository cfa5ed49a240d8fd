// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

/**
 * Compares the values of {@code compatibility_level}: up to three numbers with dots, of which missing ones count as 0.
 * Thread: any (stateless).
 */
final class CompatibilityLevel {
    private static final int PARTS_MAX = 3;
    private static final int PART_DIGITS_MAX = 4;

    private CompatibilityLevel() {}

    static int compare(String left, String right) {
        return Long.compare(parse(left), parse(right));
    }

    private static long parse(String text) {
        String[] parts = text.split("\\.", -1);
        long level = 0;
        for (int i = 0; i < PARTS_MAX; i++) {
            level = level * 10_000 + (i < parts.length ? part(parts[i], text) : 0);
        }
        if (parts.length > PARTS_MAX) {
            throw malformed(text);
        }
        return level;
    }

    private static int part(String digits, String text) {
        if (digits.isEmpty() || digits.length() > PART_DIGITS_MAX) {
            throw malformed(text);
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                throw malformed(text);
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static ConfigException malformed(String text) {
        return new ConfigException("malformed compatibility level syntax: \"" + text + "\"");
    }
}
