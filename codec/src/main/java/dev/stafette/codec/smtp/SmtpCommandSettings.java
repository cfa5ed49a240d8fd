// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.address.AddressAllowances;
import dev.stafette.codec.envelope.VerpRules;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the command parser.
 *
 * @param lineBytesMax line_length_limit
 * @param strictEnvelopes strict_rfc821_envelopes
 * @param smtpUtf8 smtputf8_enable
 * @param strictSmtpUtf8 strict_smtputf8
 * @param hiddenKeywords smtpd_discard_ehlo_keywords, in upper case: what is not offered is not accepted
 * @param forbiddenCommands smtpd_forbidden_commands: words in upper case, and {@link #NO_LETTER}
 * @param verp what MAIL may ask for with XVERP; null: nothing
 * @param allowances what is taken for an address that is none
 * @param requireTls requiretls_enable
 */
public record SmtpCommandSettings(
        int lineBytesMax,
        boolean strictEnvelopes,
        boolean smtpUtf8,
        boolean strictSmtpUtf8,
        Set<String> hiddenKeywords,
        Set<String> forbiddenCommands,
        @Nullable VerpRules verp,
        AddressAllowances allowances,
        boolean requireTls) {
    /** Stands for all that begins with no letter. */
    public static final String NO_LETTER = "^[^A-Z]";

    public static final SmtpCommandSettings DEFAULTS = new SmtpCommandSettings(
            2048,
            false,
            true,
            false,
            Set.of(),
            Set.of("CONNECT", "GET", "POST", NO_LETTER),
            null,
            AddressAllowances.NONE);

    /** Without REQUIRETLS. */
    public SmtpCommandSettings(
            int lineBytesMax,
            boolean strictEnvelopes,
            boolean smtpUtf8,
            boolean strictSmtpUtf8,
            Set<String> hiddenKeywords,
            Set<String> forbiddenCommands,
            @Nullable VerpRules verp,
            AddressAllowances allowances) {
        this(
                lineBytesMax,
                strictEnvelopes,
                smtpUtf8,
                strictSmtpUtf8,
                hiddenKeywords,
                forbiddenCommands,
                verp,
                allowances,
                false);
    }

    public SmtpCommandSettings {
        if (lineBytesMax < 512) {
            throw new IllegalArgumentException("lineBytesMax: " + lineBytesMax + " (expected: 512 or more)");
        }
        hiddenKeywords = Set.copyOf(hiddenKeywords);
        forbiddenCommands = Set.copyOf(forbiddenCommands);
    }

    /** The same for those who may ask for that with XVERP; null: who may not. */
    public SmtpCommandSettings withVerp(@Nullable VerpRules rules) {
        return new SmtpCommandSettings(
                lineBytesMax,
                strictEnvelopes,
                smtpUtf8,
                strictSmtpUtf8,
                hiddenKeywords,
                forbiddenCommands,
                rules,
                allowances,
                requireTls);
    }

    /** The same for those to whom that is not offered. */
    public SmtpCommandSettings withHidden(Set<String> keywords) {
        return new SmtpCommandSettings(
                lineBytesMax,
                strictEnvelopes,
                smtpUtf8,
                strictSmtpUtf8,
                keywords,
                forbiddenCommands,
                verp,
                allowances,
                requireTls);
    }

    /** SMTPUTF8 may be declared. */
    boolean takesSmtpUtf8() {
        return smtpUtf8 && !hiddenKeywords.contains("SMTPUTF8");
    }

    /** The parameters of RFC 3461 may be given. */
    boolean takesDsn() {
        return !hiddenKeywords.contains("DSN");
    }

    /** REQUIRETLS may be asked for. */
    boolean takesRequireTls() {
        return requireTls && !hiddenKeywords.contains("REQUIRETLS");
    }
}
