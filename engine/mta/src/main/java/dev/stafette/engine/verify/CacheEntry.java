// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one address, in the form of verify(8): {@code status:probed:updated:text}.
 * Thread: any (a value). Times are seconds since 1970.
 *
 * @param probedS when the probe that is under way was sent; 0: none is
 * @param updatedS when the last probe had its outcome; 0: none had
 * @param text what the server said, or why it was not asked
 */
record CacheEntry(AddressStatus status, long probedS, long updatedS, String text) {
    /** Of {@link #text}; what a client is told is no longer, either. */
    static final int TEXT_LENGTH_MAX = 500;

    private static final String IN_PROGRESS = "Address verification in progress";
    private static final int FIELDS = 4;

    static final CacheEntry UNKNOWN = new CacheEntry(AddressStatus.PENDING, 0, 0, IN_PROGRESS);

    /** {@code text}: of whatever peer. */
    static CacheEntry of(AddressStatus status, long nowS, String text) {
        return new CacheEntry(status, 0, nowS, printable(text));
    }

    CacheEntry probed(long nowS) {
        return new CacheEntry(status, nowS, updatedS, text);
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), TEXT_LENGTH_MAX));
        for (int i = 0; i < text.length() && out.length() < TEXT_LENGTH_MAX; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) ? '?' : c);
        }
        return out.toString();
    }

    String format() {
        return status.code() + ":" + probedS + ":" + updatedS + ":" + text;
    }

    /** Null for what is none. */
    static @Nullable CacheEntry parse(String line) {
        String[] fields = line.split(":", FIELDS);
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            AddressStatus status = AddressStatus.of(Integer.parseInt(fields[0]));
            long probedS = Long.parseLong(fields[1]);
            long updatedS = Long.parseLong(fields[2]);
            boolean isPlausible = probedS >= 0 && updatedS >= 0 && probedS + updatedS > 0;
            return status == null || !isPlausible
                    ? null
                    : new CacheEntry(status, probedS, updatedS, printable(fields[3]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
