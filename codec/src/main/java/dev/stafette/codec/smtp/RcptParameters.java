// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.envelope.DsnNotify;
import org.jspecify.annotations.Nullable;

/**
 * The parameters behind the path of RCPT: NOTIFY and ORCPT (RFC 3461 §4.1, §4.2; RFC 6533 §3).
 * Thread: its owner's; a flyweight that holds the values until the next {@link #parse}.
 */
final class RcptParameters {
    private final boolean takesDsn;

    // Owned by the owner: the line read last.
    private int notifyBits;
    private @Nullable String originalRecipient;

    RcptParameters(SmtpCommandSettings settings) {
        this.takesDsn = settings.takesDsn();
    }

    /** Returns the answer to the first bad one, or null. */
    @Nullable
    SmtpReply parse(byte[] line, int from, int to) {
        notifyBits = DsnNotify.UNSPECIFIED;
        originalRecipient = null;
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
        boolean isNotify = CommandText.startsWith(line, from, to, "NOTIFY=");
        if (!takesDsn && (isNotify || CommandText.startsWith(line, from, to, "ORCPT="))) {
            return SmtpPhrasebook.DSN_DISABLED;
        }
        if (isNotify) {
            return parseNotify(line, from + 7, to) ? null : SmtpPhrasebook.BAD_NOTIFY;
        }
        if (CommandText.startsWith(line, from, to, "ORCPT=")) {
            return parseOriginal(line, from + 6, to) ? null : SmtpPhrasebook.BAD_ORCPT;
        }
        return SmtpPhrasebook.unsupportedOption(CommandText.readable(line, from, to));
    }

    private boolean parseNotify(byte[] line, int from, int to) {
        if (notifyBits != DsnNotify.UNSPECIFIED) {
            return false;
        }
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && line[end] != ',') {
                end++;
            }
            // An empty condition is ignored, as by Postfix.
            int bit = end == at ? 0 : notifyBit(line, at, end);
            if (bit < 0) {
                return false;
            }
            notifyBits |= bit;
            at = end + 1;
        }
        boolean never = (notifyBits & DsnNotify.NEVER) != 0;
        return notifyBits != DsnNotify.UNSPECIFIED && (!never || notifyBits == DsnNotify.NEVER);
    }

    private static int notifyBit(byte[] line, int from, int to) {
        if (CommandText.is(line, from, to, "NEVER")) {
            return DsnNotify.NEVER;
        }
        if (CommandText.is(line, from, to, "SUCCESS")) {
            return DsnNotify.SUCCESS;
        }
        if (CommandText.is(line, from, to, "FAILURE")) {
            return DsnNotify.FAILURE;
        }
        return CommandText.is(line, from, to, "DELAY") ? DsnNotify.DELAY : -1;
    }

    private boolean parseOriginal(byte[] line, int from, int to) {
        int semicolon = from;
        while (semicolon < to && line[semicolon] != ';') {
            semicolon++;
        }
        if (originalRecipient != null || semicolon == from || semicolon == to || !isPrintable(line, from, semicolon)) {
            return false;
        }
        boolean utf8 = CommandText.is(line, from, semicolon, "UTF-8");
        if (!utf8 && CommandText.isPlain(line, semicolon + 1, to)) {
            originalRecipient = CommandText.ascii(line, from, to);
            return true;
        }
        String address =
                utf8 ? CommandText.utf8Address(line, semicolon + 1, to) : CommandText.xtext(line, semicolon + 1, to);
        if (address == null) {
            return false;
        }
        originalRecipient = CommandText.ascii(line, from, semicolon + 1) + address;
        return true;
    }

    /** The type goes on as it is. */
    private static boolean isPrintable(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] <= ' ' || line[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    int notifyBits() {
        return notifyBits;
    }

    @Nullable
    String originalRecipient() {
        return originalRecipient;
    }
}
