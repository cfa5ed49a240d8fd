// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.codec.envelope.VerpRules;
import org.jspecify.annotations.Nullable;

/**
 * The parameters behind the path of MAIL: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID
 * (RFC 3461), AUTH (RFC 4954 §5), REQUIRETLS (RFC 8689 §2), and Postfix's XVERP.
 * Thread: its owner's; a flyweight that holds the values until the next {@link #parse}.
 */
final class MailParameters {
    private static final int OPTION_TEXT_BYTES_MAX = SmtpPhrasebook.REPLY_LINE_BYTES_MAX;

    private final SmtpCommandSettings settings;

    // Owned by the owner: the line read last.
    private long sizeBytes;
    private boolean eightBit;
    private boolean smtpUtf8;
    private DsnReturn dsnReturn = DsnReturn.UNSPECIFIED;
    private @Nullable String envelopeId;
    private @Nullable String auth;
    private @Nullable Verp verp;
    private boolean requiresTls;

    MailParameters(SmtpCommandSettings settings) {
        this.settings = settings;
    }

    /** Returns the answer to the first bad one, or null. */
    @Nullable
    SmtpReply parse(byte[] line, int from, int to) {
        sizeBytes = SmtpCommand.Mail.NO_SIZE;
        eightBit = false;
        smtpUtf8 = false;
        dsnReturn = DsnReturn.UNSPECIFIED;
        envelopeId = null;
        auth = null;
        verp = null;
        requiresTls = false;
        int at = CommandText.skipSpace(line, from, to);
        while (at < to) {
            int end = CommandText.wordEnd(line, at, to);
            SmtpReply refusal = parseOne(line, at, end);
            if (refusal != null) {
                return refusal;
            }
            at = CommandText.skipSpace(line, end, to);
        }
        return null;
    }

    private @Nullable SmtpReply parseOne(byte[] line, int from, int to) {
        if (CommandText.startsWith(line, from, to, "SIZE=")) {
            return parseSize(line, from + 5, to);
        }
        if (CommandText.is(line, from, to, "BODY=8BITMIME")) {
            eightBit = true;
            return null;
        }
        if (CommandText.is(line, from, to, "BODY=7BIT")) {
            eightBit = false;
            return null;
        }
        if (settings.takesSmtpUtf8() && CommandText.is(line, from, to, "SMTPUTF8")) {
            smtpUtf8 = true;
            return null;
        }
        if (CommandText.startsWith(line, from, to, "RET=")) {
            return settings.takesDsn() ? parseReturn(line, from + 4, to) : SmtpPhrasebook.DSN_DISABLED;
        }
        if (CommandText.startsWith(line, from, to, "ENVID=")) {
            return settings.takesDsn() ? parseEnvelopeId(line, from + 6, to) : SmtpPhrasebook.DSN_DISABLED;
        }
        if (CommandText.startsWith(line, from, to, "AUTH=")) {
            return parseAuth(line, from + 5, to);
        }
        if (settings.takesRequireTls() && CommandText.is(line, from, to, "REQUIRETLS")) {
            requiresTls = true;
            return null;
        }
        VerpRules rules = settings.verp();
        boolean standard = CommandText.is(line, from, to, "XVERP");
        if (rules != null && (standard || CommandText.startsWith(line, from, to, "XVERP="))) {
            return parseVerp(rules, standard ? null : CommandText.readable(line, from + 6, to));
        }
        return SmtpPhrasebook.unsupportedOption(CommandText.readable(line, from, to));
    }

    private @Nullable SmtpReply parseSize(byte[] line, int from, int to) {
        if (from == to) {
            return SmtpPhrasebook.BAD_SIZE;
        }
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return SmtpPhrasebook.BAD_SIZE;
            }
        }
        sizeBytes = CommandText.number(line, from, to);
        return sizeBytes < 0 ? SmtpPhrasebook.SIZE_OVERFLOW : null;
    }

    private @Nullable SmtpReply parseReturn(byte[] line, int from, int to) {
        if (dsnReturn != DsnReturn.UNSPECIFIED) {
            return SmtpPhrasebook.BAD_RET;
        }
        if (CommandText.is(line, from, to, "FULL")) {
            dsnReturn = DsnReturn.FULL;
            return null;
        }
        if (CommandText.is(line, from, to, "HDRS")) {
            dsnReturn = DsnReturn.HDRS;
            return null;
        }
        return SmtpPhrasebook.BAD_RET;
    }

    private @Nullable SmtpReply parseEnvelopeId(byte[] line, int from, int to) {
        String text = envelopeId == null ? CommandText.xtext(line, from, to) : null;
        if (text == null || text.isEmpty() || !CommandText.isPrintableXtext(text)) {
            return SmtpPhrasebook.BAD_ENVID;
        }
        envelopeId = text;
        return null;
    }

    private @Nullable SmtpReply parseAuth(byte[] line, int from, int to) {
        // RFC 4954 §5: nobody, which may be said as often as one likes.
        if (auth != null && !auth.equals("<>")) {
            return SmtpPhrasebook.MULTIPLE_AUTH;
        }
        auth = CommandText.printable(line, from, to, OPTION_TEXT_BYTES_MAX);
        return null;
    }

    /** {@code delimiters}: null: the standard ones. */
    private @Nullable SmtpReply parseVerp(VerpRules rules, @Nullable String delimiters) {
        boolean isEmpty = delimiters != null && delimiters.isEmpty();
        verp = isEmpty ? null : rules.choose(delimiters == null ? "" : delimiters);
        return verp == null ? SmtpPhrasebook.badVerp(rules.allowed()) : null;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    boolean eightBit() {
        return eightBit;
    }

    boolean smtpUtf8() {
        return smtpUtf8;
    }

    DsnReturn dsnReturn() {
        return dsnReturn;
    }

    @Nullable
    String envelopeId() {
        return envelopeId;
    }

    @Nullable
    String auth() {
        return auth;
    }

    @Nullable
    Verp verp() {
        return verp;
    }

    /** Whether the session may ask for it is for others to say. */
    boolean requiresTls() {
        return requiresTls;
    }
}
