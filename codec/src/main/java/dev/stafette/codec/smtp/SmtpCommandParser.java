// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads command lines (RFC 5321 §4.1.1) as leniently as Postfix does, and answers syntax errors with Postfix's texts.
 * Thread: one event loop, whose sessions share it; it has no state between lines.
 *
 * <p>Any bytes give a value, never an exception, and no reply holds a control character that came from the client.
 * A line is copied once into a scratch array: that costs less than bounds checks on each byte.
 */
public final class SmtpCommandParser {
    /** RFC 5321 §4.5.3.1.2: no host has a longer name, and a Received header must stay a line. */
    private static final int HELLO_BYTES_MAX = 255;

    /** Enough for a log line. */
    private static final int TEXT_BYTES_MAX = 256;

    private final SmtpCommandSettings settings;
    private final AddressParser paths;
    private final AddressParser mailboxes;
    private final MailParameters mailParameters;
    private final RcptParameters rcptParameters;
    private final byte[] line;

    public SmtpCommandParser(SmtpCommandSettings settings) {
        this.settings = settings;
        this.paths = new AddressParser(settings.strictEnvelopes(), settings.allowances());
        this.mailboxes = new AddressParser(false, settings.allowances());
        this.mailParameters = new MailParameters(settings);
        this.rcptParameters = new RcptParameters(settings);
        this.line = new byte[settings.lineBytesMax()];
    }

    /** @param smtpUtf8 the transaction was opened with SMTPUTF8 */
    public SmtpCommand parse(SmtpLineDecoder decoder, boolean smtpUtf8) {
        decoder.copyTo(line);
        if (decoder.isCut()) {
            // As in Postfix, where writing the warning does it: half a character at the end is no error.
            CommandText.makePrintable(line, 0, decoder.length());
        }
        return parse(decoder.length(), smtpUtf8);
    }

    /** The readable bytes are one line without its end, not longer than the limit; the indexes stay. */
    public SmtpCommand parse(ByteBuf text, boolean smtpUtf8) {
        int length = text.readableBytes();
        text.getBytes(text.readerIndex(), line, 0, length);
        return parse(length, smtpUtf8);
    }

    /** The first bytes of {@code text} are one line without its end, not longer than the limit. */
    public SmtpCommand parse(byte[] text, int length, boolean smtpUtf8) {
        System.arraycopy(text, 0, line, 0, length);
        return parse(length, smtpUtf8);
    }

    private SmtpCommand parse(int length, boolean smtpUtf8) {
        boolean badUtf8 = settings.smtpUtf8() && !CommandText.isUtf8(line, 0, length);
        int from = CommandText.skipSpace(line, 0, length);
        int to = end(from, length);
        int wordEnd = CommandText.wordEnd(line, from, to);
        SmtpVerb verb = verb(from, wordEnd);
        if (badUtf8) {
            return new BadCommand(verb, SmtpPhrasebook.BAD_UTF8);
        }
        if (from == to) {
            return new BadCommand(verb, SmtpPhrasebook.BAD_SYNTAX);
        }
        int at = CommandText.skipSpace(line, wordEnd, to);
        return switch (verb) {
            case EHLO, HELO -> hello(verb, at, to);
            case MAIL -> mail(at, to);
            case RCPT -> rcpt(at, to, smtpUtf8);
            case DATA -> at == to ? SmtpCommand.Data.INSTANCE : new BadCommand(verb, SmtpPhrasebook.DATA_SYNTAX);
            case BDAT -> bdat(at, to);
            case RSET -> at == to ? SmtpCommand.Rset.INSTANCE : new BadCommand(verb, SmtpPhrasebook.RSET_SYNTAX);
            case NOOP -> SmtpCommand.Noop.INSTANCE;
            case VRFY -> vrfy(at, to);
            case ETRN -> etrn(at, to);
            case HELP -> SmtpCommand.Help.INSTANCE;
            case QUIT -> SmtpCommand.Quit.INSTANCE;
            case UNKNOWN -> unknown(from, wordEnd, to);
            case STARTTLS -> extension(verb, SmtpPhrasebook.STARTTLS_SYNTAX, at == to, at, to);
            case XCLIENT -> extension(verb, SmtpPhrasebook.XCLIENT_SYNTAX, at < to, at, to);
            case XFORWARD -> extension(verb, SmtpPhrasebook.XFORWARD_SYNTAX, at < to, at, to);
            case AUTH -> auth(at, to);
        };
    }

    /** Without white space; NUL ends a line for Postfix, so that nobody behind it sees another command than it does. */
    private int end(int from, int length) {
        int to = from;
        while (to < length && line[to] != 0) {
            to++;
        }
        while (to > from && CommandText.isSpace(line[to - 1])) {
            to--;
        }
        return to;
    }

    private SmtpVerb verb(int from, int to) {
        if (to - from != 4) {
            return longVerb(from, to);
        }
        // RFC 5321 §2.4: verbs know no case. Clearing the bit makes no letter out of anything else.
        int word = (line[from] & 0xdf) << 24
                | (line[from + 1] & 0xdf) << 16
                | (line[from + 2] & 0xdf) << 8
                | line[from + 3] & 0xdf;
        return switch (word) {
            case 'E' << 24 | 'H' << 16 | 'L' << 8 | 'O' -> SmtpVerb.EHLO;
            case 'H' << 24 | 'E' << 16 | 'L' << 8 | 'O' -> SmtpVerb.HELO;
            case 'M' << 24 | 'A' << 16 | 'I' << 8 | 'L' -> SmtpVerb.MAIL;
            case 'R' << 24 | 'C' << 16 | 'P' << 8 | 'T' -> SmtpVerb.RCPT;
            case 'D' << 24 | 'A' << 16 | 'T' << 8 | 'A' -> SmtpVerb.DATA;
            case 'B' << 24 | 'D' << 16 | 'A' << 8 | 'T' -> SmtpVerb.BDAT;
            case 'R' << 24 | 'S' << 16 | 'E' << 8 | 'T' -> SmtpVerb.RSET;
            case 'N' << 24 | 'O' << 16 | 'O' << 8 | 'P' -> SmtpVerb.NOOP;
            case 'V' << 24 | 'R' << 16 | 'F' << 8 | 'Y' -> SmtpVerb.VRFY;
            case 'H' << 24 | 'E' << 16 | 'L' << 8 | 'P' -> SmtpVerb.HELP;
            case 'Q' << 24 | 'U' << 16 | 'I' << 8 | 'T' -> SmtpVerb.QUIT;
            case 'E' << 24 | 'T' << 16 | 'R' << 8 | 'N' -> SmtpVerb.ETRN;
            case 'A' << 24 | 'U' << 16 | 'T' << 8 | 'H' -> SmtpVerb.AUTH;
            default -> SmtpVerb.UNKNOWN;
        };
    }

    private SmtpVerb longVerb(int from, int to) {
        if (CommandText.is(line, from, to, "STARTTLS")) {
            return SmtpVerb.STARTTLS;
        }
        if (CommandText.is(line, from, to, "XCLIENT")) {
            return SmtpVerb.XCLIENT;
        }
        return CommandText.is(line, from, to, "XFORWARD") ? SmtpVerb.XFORWARD : SmtpVerb.UNKNOWN;
    }

    private SmtpCommand hello(SmtpVerb verb, int at, int to) {
        boolean extended = verb == SmtpVerb.EHLO;
        if (at == to) {
            return new BadCommand(verb, extended ? SmtpPhrasebook.EHLO_SYNTAX : SmtpPhrasebook.HELO_SYNTAX);
        }
        String name = CommandText.hostName(CommandText.join(line, at, to), HELLO_BYTES_MAX);
        return extended ? new SmtpCommand.Ehlo(name) : new SmtpCommand.Helo(name);
    }

    private SmtpCommand mail(int from, int to) {
        int at = pathStart(from, to, "FROM:");
        if (at == to) {
            return new BadCommand(SmtpVerb.MAIL, SmtpPhrasebook.MAIL_SYNTAX);
        }
        if (!readPath(at, to) || looksLikeOption(paths.address())) {
            return new BadCommand(SmtpVerb.MAIL, SmtpPhrasebook.BAD_SENDER);
        }
        SmtpReply refusal = mailParameters.parse(line, paths.end(), to);
        if (!paths.isAscii()) {
            refusal = refuseUtf8(paths, mailParameters.smtpUtf8(), SmtpPhrasebook.BAD_SENDER, refusal);
        }
        if (refusal != null) {
            return new BadCommand(SmtpVerb.MAIL, refusal, paths.address());
        }
        return new SmtpCommand.Mail(
                paths.address(),
                mailParameters.sizeBytes(),
                mailParameters.eightBit(),
                mailParameters.smtpUtf8(),
                mailParameters.dsnReturn(),
                mailParameters.envelopeId(),
                mailParameters.auth(),
                mailParameters.verp(),
                mailParameters.requiresTls());
    }

    private SmtpCommand rcpt(int from, int to, boolean smtpUtf8) {
        int at = pathStart(from, to, "TO:");
        if (at == to) {
            return new BadCommand(SmtpVerb.RCPT, SmtpPhrasebook.RCPT_SYNTAX);
        }
        if (!readPath(at, to)) {
            return new BadCommand(SmtpVerb.RCPT, SmtpPhrasebook.BAD_RECIPIENT);
        }
        SmtpReply refusal = refuseRecipient(paths, smtpUtf8, rcptParameters.parse(line, paths.end(), to));
        if (refusal != null) {
            return new BadCommand(SmtpVerb.RCPT, refusal, paths.address());
        }
        return new SmtpCommand.Rcpt(new EnvelopeRecipient(
                paths.address(), rcptParameters.notifyBits(), rcptParameters.originalRecipient()));
    }

    /** White space may follow the colon, as many clients have it. Returns {@code to} when there is no path. */
    private int pathStart(int from, int to, String keyword) {
        return CommandText.startsWith(line, from, to, keyword)
                ? CommandText.skipSpace(line, from + keyword.length(), to)
                : to;
    }

    private boolean readPath(int at, int to) {
        if (paths.parsePlain(line, at, to)) {
            return true;
        }
        int end = CommandText.closedWordEnd(line, at, to);
        return end != CommandText.UNCLOSED && paths.parse(line, at, end);
    }

    /** {@code otherwise}: what is wrong with the rest of the line. */
    private @Nullable SmtpReply refuseRecipient(AddressParser parser, boolean smtpUtf8, @Nullable SmtpReply otherwise) {
        if (parser.address().isNull() || looksLikeOption(parser.address())) {
            return SmtpPhrasebook.BAD_RECIPIENT;
        }
        return parser.isAscii() ? otherwise : refuseUtf8(parser, smtpUtf8, SmtpPhrasebook.BAD_RECIPIENT, otherwise);
    }

    private boolean looksLikeOption(MailAddress address) {
        return !settings.allowances().optionLike() && address.localPart().startsWith("-");
    }

    /** Without SMTPUTF8 a domain must be ASCII, and a local part where strict_smtputf8 is set (RFC 6531 §3.3). */
    private @Nullable SmtpReply refuseUtf8(
            AddressParser parser, boolean smtpUtf8, SmtpReply badAddress, @Nullable SmtpReply otherwise) {
        if (!smtpUtf8 && parser.hasInternationalDomain()) {
            return badAddress;
        }
        boolean undeclared = !smtpUtf8 && settings.strictSmtpUtf8();
        return otherwise == null && undeclared ? SmtpPhrasebook.UNDECLARED_UTF8 : otherwise;
    }

    private SmtpCommand bdat(int from, int to) {
        int countEnd = CommandText.wordEnd(line, from, to);
        long count = CommandText.number(line, from, countEnd);
        int at = CommandText.skipSpace(line, countEnd, to);
        boolean last = CommandText.is(line, at, to, "LAST");
        if (count < 0 || (at < to && !last)) {
            return new BadCommand(SmtpVerb.BDAT, SmtpPhrasebook.BDAT_SYNTAX);
        }
        return new SmtpCommand.Bdat(count, last);
    }

    private SmtpCommand vrfy(int from, int to) {
        // RFC 6531 §3.7.4.2.
        boolean declared = settings.takesSmtpUtf8()
                && CommandText.startsWith(line, Math.max(from, to - 8), to, "SMTPUTF8")
                && (to - 8 == from || CommandText.isSpace(line[to - 9]));
        int end = declared ? to - 8 : to;
        byte[] text = CommandText.join(line, from, end).getBytes(StandardCharsets.ISO_8859_1);
        if (text.length == 0) {
            SmtpReply syntax = settings.smtpUtf8() ? SmtpPhrasebook.VRFY_SYNTAX_UTF8 : SmtpPhrasebook.VRFY_SYNTAX;
            return new BadCommand(SmtpVerb.VRFY, syntax);
        }
        SmtpReply refusal = mailboxes.parse(text, 0, text.length)
                ? refuseRecipient(mailboxes, declared, null)
                : SmtpPhrasebook.BAD_RECIPIENT;
        return refusal == null
                ? new SmtpCommand.Vrfy(mailboxes.address(), CommandText.readable(text, 0, text.length), declared)
                : new BadCommand(SmtpVerb.VRFY, refusal);
    }

    private SmtpCommand auth(int at, int to) {
        byte[] words = CommandText.join(line, at, to).getBytes(StandardCharsets.ISO_8859_1);
        return new SmtpCommand.Extension(SmtpVerb.AUTH, CommandText.printable(words, 0, words.length, words.length));
    }

    private SmtpCommand extension(SmtpVerb verb, SmtpReply syntax, boolean isGood, int at, int to) {
        return isGood
                ? new SmtpCommand.Extension(verb, CommandText.printable(line, at, to, to - at))
                : new BadCommand(verb, syntax);
    }

    /** RFC 1985 §5.3: a prefix in front of the domain asks for more than one queue, and is ignored. */
    private SmtpCommand etrn(int from, int to) {
        if (from == to || CommandText.wordEnd(line, from, to) < to) {
            return new BadCommand(SmtpVerb.ETRN, SmtpPhrasebook.ETRN_SYNTAX);
        }
        boolean prefixed = line[from] == '@' || line[from] == '#';
        String domain = CommandText.printable(line, prefixed ? from + 1 : from, to, to - from);
        return domain.equals(AddressParser.domain(domain))
                ? new SmtpCommand.Etrn(domain)
                : new BadCommand(SmtpVerb.ETRN, SmtpPhrasebook.ETRN_BAD_DOMAIN);
    }

    /**
     * Disconnects browsers and clients that ignore replies: forbidden commands, header lines, and what starts with no
     * letter. Not the lone dot: that is the end of a message whose DATA was refused, and the client got a reply to that.
     */
    private SmtpCommand unknown(int from, int wordEnd, int to) {
        String text = CommandText.printable(line, from, to, TEXT_BYTES_MAX);
        boolean letter = (line[from] & 0xdf) >= 'A' && (line[from] & 0xdf) <= 'Z';
        boolean loneDot = to - from == 1 && line[from] == '.';
        String word = CommandText.printable(line, from, wordEnd, TEXT_BYTES_MAX).toUpperCase(Locale.ROOT);
        boolean odd = !letter && !loneDot && settings.forbiddenCommands().contains(SmtpCommandSettings.NO_LETTER);
        if (odd
                || CommandText.isHeader(line, from, wordEnd)
                || settings.forbiddenCommands().contains(word)) {
            return new SmtpCommand.Forbidden(text);
        }
        return new SmtpCommand.Unknown(text);
    }
}
