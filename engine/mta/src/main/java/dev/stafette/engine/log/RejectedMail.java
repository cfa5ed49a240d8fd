// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import org.jspecify.annotations.Nullable;

/**
 * What was known of a mail when it was refused; null where it was not.
 * Thread: any (a value).
 *
 * @param sender without angle brackets; empty: the null reverse-path
 * @param protocol {@code SMTP} or {@code ESMTP}
 */
public record RejectedMail(
        @Nullable String sender,
        @Nullable String recipient,
        @Nullable String protocol,
        @Nullable String helo) {
    /** Behind the semicolon of the line. */
    void print(LogLine line) {
        if (sender != null) {
            line.put(" from=<").put(sender).put(">");
        }
        if (recipient != null) {
            line.put(" to=<").put(recipient).put(">");
        }
        if (protocol != null) {
            line.put(" proto=").put(protocol);
        }
        if (helo != null) {
            line.put(" helo=<").put(helo).put(">");
        }
    }
}
