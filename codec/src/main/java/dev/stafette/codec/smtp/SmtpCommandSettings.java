// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import java.util.Set;

/**
 * What decides how command lines are read.
 *
 * @param lineBytesMax line_length_limit
 * @param strictEnvelopes strict_rfc821_envelopes
 * @param smtpUtf8 smtputf8_enable
 * @param strictSmtpUtf8 strict_smtputf8
 * @param forbiddenCommands smtpd_forbidden_commands, words in upper case
 */
public record SmtpCommandSettings(
        int lineBytesMax,
        boolean strictEnvelopes,
        boolean smtpUtf8,
        boolean strictSmtpUtf8,
        Set<String> forbiddenCommands) {
    public static final SmtpCommandSettings DEFAULTS =
            new SmtpCommandSettings(2048, false, true, false, Set.of("CONNECT", "GET", "POST"));

    public SmtpCommandSettings {
        if (lineBytesMax < 512) {
            throw new IllegalArgumentException("lineBytesMax: " + lineBytesMax + " (expected: 512 or more)");
        }
        forbiddenCommands = Set.copyOf(forbiddenCommands);
    }
}
