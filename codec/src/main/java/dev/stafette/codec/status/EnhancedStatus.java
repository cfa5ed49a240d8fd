// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.status;

import org.jspecify.annotations.Nullable;

/**
 * An enhanced mail system status code, {@code class.subject.detail} (RFC 3463 §2).
 * Thread: any (a value).
 */
public record EnhancedStatus(int statusClass, int subject, int detail) {
    /** RFC 3463 §2 allows three digits in subject and detail. */
    private static final int PART_MAX = 999;

    public static final EnhancedStatus SENT = new EnhancedStatus(2, 0, 0);

    public EnhancedStatus {
        if (statusClass != 2 && statusClass != 4 && statusClass != 5) {
            throw new IllegalArgumentException("status class: " + statusClass + " (expected: 2, 4 or 5)");
        }
        if (subject < 0 || subject > PART_MAX || detail < 0 || detail > PART_MAX) {
            throw new IllegalArgumentException("status: " + subject + "." + detail + " (expected: 0..999 each)");
        }
    }

    public static EnhancedStatus of(int statusClass, int subject, int detail) {
        return new EnhancedStatus(statusClass, subject, detail);
    }

    /** Returns the code at the start of the text, which a space or the end must follow; null when there is none. */
    public static @Nullable EnhancedStatus parsePrefix(CharSequence text) {
        int length = text.length();
        if (length < 5 || text.charAt(1) != '.') {
            return null;
        }
        int statusClass = text.charAt(0) - '0';
        if (statusClass != 2 && statusClass != 4 && statusClass != 5) {
            return null;
        }
        int dot = digitsEnd(text, 2);
        if (dot == 2 || dot >= length || text.charAt(dot) != '.') {
            return null;
        }
        int end = digitsEnd(text, dot + 1);
        if (end == dot + 1 || (end < length && text.charAt(end) != ' ')) {
            return null;
        }
        return new EnhancedStatus(statusClass, number(text, 2, dot), number(text, dot + 1, end));
    }

    private static int digitsEnd(CharSequence text, int from) {
        int end = from;
        while (end < text.length() && end < from + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int number(CharSequence text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    /** The same subject and detail in another class: a 4xx reply with a 5.x.x code is transient all the same. */
    public EnhancedStatus withClass(int newClass) {
        return newClass == statusClass ? this : new EnhancedStatus(newClass, subject, detail);
    }

    /** The code in one int, for records: {@code class << 20 | subject << 10 | detail}. */
    public int packed() {
        return statusClass << 20 | subject << 10 | detail;
    }

    public static EnhancedStatus unpack(int packed) {
        return new EnhancedStatus(packed >> 20, packed >> 10 & 0x3ff, packed & 0x3ff);
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
