// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a domain says of its mail servers (RFC 8461 §3.2).
 * Thread: any (a value).
 *
 * @param mx names, or {@code *.domain}, in lower case
 * @param maxAgeSeconds how long it may be believed
 */
public record StsPolicy(Mode mode, List<String> mx, long maxAgeSeconds) {
    /** RFC 8461 §3.2: a year. */
    static final long MAX_AGE_SECONDS_MAX = 31_557_600;

    private static final int PATTERNS_MAX = 100;

    /** What is to become of mail for servers that do not meet it. */
    public enum Mode {
        /** It waits. */
        ENFORCE,
        /** It is sent, and reported. */
        TESTING,
        /** There is no policy any more. */
        NONE
    }

    public StsPolicy {
        mx = List.copyOf(mx);
    }

    /** An IllegalArgumentException says what is wrong with it. */
    static StsPolicy parse(String text) {
        String version = "";
        String mode = "";
        String maxAge = "";
        List<String> mx = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (line.isBlank()) {
                continue;
            }
            if (colon < 0) {
                throw new IllegalArgumentException("a line without a colon");
            }
            String value = line.substring(colon + 1).strip();
            // Of two with one name the first holds (RFC 8461 §3.2).
            switch (line.substring(0, colon).strip()) {
                case "version" -> version = version.isEmpty() ? value : version;
                case "mode" -> mode = mode.isEmpty() ? value : mode;
                case "max_age" -> maxAge = maxAge.isEmpty() ? value : maxAge;
                case "mx" -> mx.add(pattern(value));
                default -> {
                    // Of a later version.
                }
            }
        }
        if (!version.equals("STSv1")) {
            throw new IllegalArgumentException("version: '" + shown(version) + "' (expected: STSv1)");
        }
        return checked(mode(mode), mx, seconds(maxAge));
    }

    private static StsPolicy checked(Mode mode, List<String> mx, long maxAgeSeconds) {
        if (mx.isEmpty() && mode != Mode.NONE) {
            throw new IllegalArgumentException("no mx");
        }
        if (mx.size() > PATTERNS_MAX) {
            throw new IllegalArgumentException("more than " + PATTERNS_MAX + " mx");
        }
        return new StsPolicy(mode, mx, maxAgeSeconds);
    }

    private static String pattern(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.matches("(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\\.?")) {
            throw new IllegalArgumentException("mx: '" + shown(value) + "' (expected: a host name, or *.domain)");
        }
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static Mode mode(String text) {
        return switch (text) {
            case "enforce" -> Mode.ENFORCE;
            case "testing" -> Mode.TESTING;
            case "none" -> Mode.NONE;
            default ->
                throw new IllegalArgumentException("mode: '" + shown(text) + "' (expected: enforce, testing or none)");
        };
    }

    private static long seconds(String text) {
        if (!text.matches("[0-9]{1,10}")) {
            throw new IllegalArgumentException("max_age: '" + shown(text) + "' (expected: a number of seconds)");
        }
        return Math.min(Long.parseLong(text), MAX_AGE_SECONDS_MAX);
    }

    /** Fit for a log. */
    private static String shown(String text) {
        String head = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return head.replaceAll("[^ -~]", "?");
    }

    /** As a file keeps it, a line each field. */
    public String text() {
        return "version: STSv1\nmode: " + mode.name().toLowerCase(Locale.ROOT) + "\nmax_age: " + maxAgeSeconds + '\n'
                + String.join("", mx.stream().map(one -> "mx: " + one + '\n').toList());
    }
}
