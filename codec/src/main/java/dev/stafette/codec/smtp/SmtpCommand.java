// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.Verp;
import org.jspecify.annotations.Nullable;

/**
 * One command line, understood or not (RFC 5321 §4.1.1). Whether it is in sequence is for the session to decide.
 * Thread: any (values). Text from the client that a value carries holds no control characters.
 */
public sealed interface SmtpCommand {
    SmtpVerb verb();

    /** @param name printable and without characters that could break a header comment */
    record Ehlo(String name) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.EHLO;
        }
    }

    /** @param name printable and without characters that could break a header comment */
    record Helo(String name) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.HELO;
        }
    }

    /**
     * @param sizeBytes the SIZE parameter (RFC 1870); -1 when not given, {@code Long.MAX_VALUE} when it does not fit
     * @param eightBit {@code BODY=8BITMIME}
     * @param envelopeId the ENVID parameter as received (xtext); null when not given
     * @param auth the AUTH parameter as received (xtext, RFC 4954 §5), never to be trusted; null when not given
     * @param verp the XVERP parameter; null when not given
     * @param requiresTls {@code REQUIRETLS} (RFC 8689 §2)
     */
    record Mail(
            MailAddress sender,
            long sizeBytes,
            boolean eightBit,
            boolean smtpUtf8,
            DsnReturn dsnReturn,
            @Nullable String envelopeId,
            @Nullable String auth,
            @Nullable Verp verp,
            boolean requiresTls)
            implements SmtpCommand {
        public static final long NO_SIZE = -1;

        /** The same, by somebody else. */
        public Mail from(MailAddress other) {
            return new Mail(other, sizeBytes, eightBit, smtpUtf8, dsnReturn, envelopeId, auth, verp, requiresTls);
        }

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.MAIL;
        }
    }

    /** The recipient may be {@code postmaster} without a domain (RFC 5321 §4.1.1.3). */
    record Rcpt(EnvelopeRecipient recipient) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.RCPT;
        }
    }

    record Data() implements SmtpCommand {
        static final Data INSTANCE = new Data();

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.DATA;
        }
    }

    /** RFC 3030 §2; exactly so many bytes follow the command line. */
    record Bdat(long chunkBytes, boolean last) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.BDAT;
        }
    }

    record Rset() implements SmtpCommand {
        static final Rset INSTANCE = new Rset();

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.RSET;
        }
    }

    record Noop() implements SmtpCommand {
        static final Noop INSTANCE = new Noop();

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.NOOP;
        }
    }

    /**
     * @param text the address as the client wrote it
     * @param smtpUtf8 was declared
     */
    record Vrfy(MailAddress address, String text, boolean smtpUtf8) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.VRFY;
        }
    }

    record Help() implements SmtpCommand {
        static final Help INSTANCE = new Help();

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.HELP;
        }
    }

    record Quit() implements SmtpCommand {
        static final Quit INSTANCE = new Quit();

        @Override
        public SmtpVerb verb() {
            return SmtpVerb.QUIT;
        }
    }

    /** @param domain a host name or an address literal */
    record Etrn(String domain) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.ETRN;
        }
    }

    /** A command whose parameters are not parsed: STARTTLS, XCLIENT, XFORWARD, and AUTH, of which they are words with a space between them. */
    record Extension(SmtpVerb verb, String argument) implements SmtpCommand {}

    /** An unknown command. */
    record Unknown(String text) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.UNKNOWN;
        }
    }

    /** What no mail client sends (smtpd_forbidden_commands, a header line): the session is closed. */
    record Forbidden(String text) implements SmtpCommand {
        @Override
        public SmtpVerb verb() {
            return SmtpVerb.UNKNOWN;
        }
    }

    /**
     * A command with a syntax error. The session may have a better answer if the verb is out of order as well.
     *
     * @param address what it names, where the error is behind that; else null
     */
    record BadCommand(
            SmtpVerb verb, SmtpReply reply, @Nullable MailAddress address) implements SmtpCommand {
        BadCommand(SmtpVerb verb, SmtpReply reply) {
            this(verb, reply, null);
        }
    }
}
