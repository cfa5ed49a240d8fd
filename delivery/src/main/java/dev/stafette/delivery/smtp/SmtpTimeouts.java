// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.time.Duration;

/**
 * How long a session waits for each of the server's replies: Postfix's {@code smtp_*_timeout} (RFC 5321 §4.5.3.2).
 * Thread: any (a value).
 *
 * @param helo for the greeting and for EHLO
 * @param xforward for each of the XFORWARD commands
 * @param dataXfer without any progress while the content is sent
 * @param dataDone for the reply to the final dot
 */
public record SmtpTimeouts(
        Duration connect,
        Duration helo,
        Duration xforward,
        Duration mail,
        Duration rcpt,
        Duration dataInit,
        Duration dataXfer,
        Duration dataDone,
        Duration rset) {
    /** Postfix's defaults. */
    public static final SmtpTimeouts DEFAULTS = new SmtpTimeouts(
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            Duration.ofSeconds(300),
            Duration.ofSeconds(300),
            Duration.ofSeconds(300),
            Duration.ofSeconds(120),
            Duration.ofSeconds(180),
            Duration.ofSeconds(600),
            Duration.ofSeconds(20));
}
