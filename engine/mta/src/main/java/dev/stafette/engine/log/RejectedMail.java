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
        @Nullable String helo) {}
