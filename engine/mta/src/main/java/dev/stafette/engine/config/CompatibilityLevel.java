// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;

/**
 * Compares the values of {@code compatibility_level}: up to three numbers with dots, of which missing ones count as 0.
 * Thread: any (stateless).
 */
final class CompatibilityLevel {
    private static final int PARTS_MAX = 3;
    /** Of the first number, so that it fits as Postfix counts. */
    private static final int FIRST_DIGITS_MAX = 13;

    private static final int PART_BITS = 10;
    private static final int PART_MAX = (1 << PART_BITS) - 1;

    private CompatibilityLevel() {}

    static int compare(String left, String right) {
        long leftLevel = parse(left);
        return Long.compare(leftLevel, parse(right));
    }

    private static long parse(String text) {
        String[] parts = text.split("\\.", -1);
        long level = 0;
        for (int i = 0; i < PARTS_MAX; i++) {
            long part = i < parts.length ? part(parts[i], text) : 0;
            if (i > 0 && part > PART_MAX) {
                throw malformed(text);
            }
            level = level << PART_BITS | part;
        }
        if (parts.length > PARTS_MAX) {
            throw malformed(text);
        }
        return level;
    }

    /** As strtol(3) has it: white space and a sign may come first. */
    private static long part(String text, String whole) {
        int from = 0;
        while (from < text.length() && LogicalLine.isSpace(text.charAt(from))) {
            from++;
        }
        if (from < text.length() && text.charAt(from) == '+') {
            from++;
        }
        if (from == text.length() || text.length() - from > FIRST_DIGITS_MAX) {
            throw malformed(whole);
        }
        long value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw malformed(whole);
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static ConfigException malformed(String text) {
        return new ConfigException("malformed compatibility level syntax: \"" + text + "\"");
    }
}
