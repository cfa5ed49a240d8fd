// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.status.EnhancedStatus;

/**
 * The server's replies that depend on the command alone, with Postfix's texts.
 * Thread: any.
 */
public final class SmtpPhrasebook {
    /** RFC 5321 §4.5.3.1.5, with code and CRLF. */
    public static final int REPLY_LINE_BYTES_MAX = 512;

    public static final SmtpReply OK = of(250, 0, 0, "Ok");
    public static final SmtpReply SENDER_OK = of(250, 1, 0, "Ok");
    public static final SmtpReply RECIPIENT_OK = of(250, 1, 5, "Ok");
    public static final SmtpReply BYE = of(221, 0, 0, "Bye");
    public static final SmtpReply END_DATA = SmtpReply.of(354, "End data with <CR><LF>.<CR><LF>");
    public static final SmtpReply HELP =
            of(214, 0, 0, "Commands: BDAT DATA EHLO HELO HELP MAIL NOOP QUIT RCPT RSET VRFY");

    // Syntax.
    public static final SmtpReply EHLO_SYNTAX = SmtpReply.of(501, "Syntax: EHLO hostname");
    public static final SmtpReply HELO_SYNTAX = SmtpReply.of(501, "Syntax: HELO hostname");
    public static final SmtpReply MAIL_SYNTAX = of(501, 5, 4, "Syntax: MAIL FROM:<address>");
    public static final SmtpReply RCPT_SYNTAX = of(501, 5, 4, "Syntax: RCPT TO:<address>");
    public static final SmtpReply DATA_SYNTAX = of(501, 5, 4, "Syntax: DATA");
    public static final SmtpReply RSET_SYNTAX = of(501, 5, 4, "Syntax: RSET");
    public static final SmtpReply VRFY_SYNTAX = of(501, 5, 4, "Syntax: VRFY address");
    public static final SmtpReply VRFY_SYNTAX_UTF8 = of(501, 5, 4, "Syntax: VRFY address [SMTPUTF8]");
    public static final SmtpReply STARTTLS_SYNTAX = of(501, 5, 4, "Syntax: STARTTLS");
    public static final SmtpReply XCLIENT_SYNTAX = of(501, 5, 4, "Syntax: XCLIENT attribute=value...");
    public static final SmtpReply XFORWARD_SYNTAX = of(501, 5, 4, "Syntax: XFORWARD attribute=value...");
    /** RFC 1985 knows no enhanced codes, and neither do Postfix's answers to ETRN. */
    public static final SmtpReply ETRN_SYNTAX = SmtpReply.of(500, "Syntax: ETRN domain");

    public static final SmtpReply ETRN_BAD_DOMAIN = SmtpReply.of(501, "Error: invalid parameter syntax");
    public static final SmtpReply ETRN_QUEUED = SmtpReply.of(250, "Queuing started");
    public static final SmtpReply ETRN_NOT_QUEUED = SmtpReply.of(458, "Unable to queue messages");
    public static final SmtpReply ETRN_NEED_HELLO = SmtpReply.of(503, "Error: send HELO/EHLO first");
    public static final SmtpReply ETRN_IN_TRANSACTION = SmtpReply.of(503, "Error: MAIL transaction in progress");
    /** The session cannot know how many bytes follow, so it ends. */
    public static final SmtpReply BDAT_SYNTAX = of(521, 5, 4, "Syntax: BDAT count [LAST]");

    public static final SmtpReply BAD_SENDER = of(501, 1, 7, "Bad sender address syntax");
    public static final SmtpReply BAD_RECIPIENT = of(501, 1, 3, "Bad recipient address syntax");
    public static final SmtpReply BAD_SIZE = of(501, 5, 4, "Bad message size syntax");
    public static final SmtpReply BAD_RET = of(501, 5, 4, "Bad RET parameter syntax");
    public static final SmtpReply BAD_ENVID = of(501, 5, 4, "Bad ENVID parameter syntax");
    public static final SmtpReply VERP_OF_NOBODY = of(503, 5, 4, "Error: XVERP requires non-null sender");
    public static final SmtpReply BAD_NOTIFY = of(501, 5, 4, "Error: Bad NOTIFY parameter syntax");
    public static final SmtpReply BAD_ORCPT = of(501, 5, 4, "Error: Bad ORCPT parameter syntax");
    public static final SmtpReply DSN_DISABLED = of(501, 7, 1, "DSN support is disabled");
    public static final SmtpReply MULTIPLE_AUTH = of(503, 5, 4, "Error: multiple AUTH= options");
    public static final SmtpReply UNDECLARED_UTF8 = of(553, 6, 7, "Must declare SMTPUTF8 to send unicode address");
    public static final SmtpReply BAD_UTF8 = of(500, 5, 2, "Error: bad UTF-8 syntax");
    public static final SmtpReply BAD_SYNTAX = of(500, 5, 2, "Error: bad syntax");
    public static final SmtpReply NOT_RECOGNIZED = of(500, 5, 2, "Error: command not recognized");
    public static final SmtpReply NOT_IMPLEMENTED = of(502, 5, 1, "Error: command not implemented");
    public static final SmtpReply FORBIDDEN = of(221, 7, 0, "Error: I can break rules, too. Goodbye.");

    // Order.
    public static final SmtpReply NEED_HELLO = of(503, 5, 1, "Error: send HELO/EHLO first");
    public static final SmtpReply NEED_MAIL = of(503, 5, 1, "Error: need MAIL command");
    public static final SmtpReply NEED_RCPT = of(503, 5, 1, "Error: need RCPT command");
    public static final SmtpReply NESTED_MAIL = of(503, 5, 1, "Error: nested MAIL command");
    public static final SmtpReply IN_TRANSACTION = of(503, 5, 1, "Error: MAIL transaction in progress");
    public static final SmtpReply MAIL_AFTER_BDAT = of(503, 5, 1, "Error: MAIL after BDAT");
    public static final SmtpReply RCPT_AFTER_BDAT = of(503, 5, 1, "Error: RCPT after BDAT");
    public static final SmtpReply DATA_AFTER_BDAT = of(503, 5, 1, "Error: DATA after BDAT");
    public static final SmtpReply NO_RECIPIENTS = of(554, 5, 1, "Error: no valid recipients");
    public static final SmtpReply NULL_BDAT = of(551, 7, 1, "Null BDAT request");
    public static final SmtpReply PIPELINING = of(554, 5, 0, "Error: SMTP protocol synchronization");

    // Features that are off.
    public static final SmtpReply VRFY_DISABLED = of(502, 5, 1, "VRFY command is disabled");
    public static final SmtpReply AUTH_DISABLED = of(503, 5, 1, "Error: authentication not enabled");
    public static final SmtpReply ALREADY_AUTHENTICATED = of(503, 5, 1, "Error: already authenticated");
    public static final SmtpReply AUTH_SYNTAX = of(501, 5, 4, "Syntax: AUTH mechanism");
    public static final SmtpReply AUTH_ABORTED = of(501, 7, 0, "Authentication aborted");
    public static final SmtpReply RESPONSE_TOO_LONG = of(500, 5, 6, "SASL response limit exceeded");
    public static final SmtpReply AUTHENTICATED = of(235, 7, 0, "Authentication successful");
    public static final SmtpReply UNAUTHORIZED = of(550, 7, 0, "Error: insufficient authorization");

    // TLS (RFC 3207 §4).
    public static final SmtpReply START_TLS = of(220, 0, 0, "Ready to start TLS");
    /** RFC 8689 §2: it is asked for where it was not announced. */
    public static final SmtpReply REQUIRETLS_NEEDS_TLS =
            of(530, 7, 10, "REQUIRETLS needs TLS: must issue a STARTTLS command first");

    public static final SmtpReply NEED_TLS = of(530, 7, 0, "Must issue a STARTTLS command first");
    public static final SmtpReply TLS_ACTIVE = of(554, 5, 1, "Error: TLS already active");
    public static final SmtpReply TLS_UNAVAILABLE = of(454, 7, 0, "TLS not available due to local problem");

    // Limits and resources.
    public static final SmtpReply SIZE_OVERFLOW = of(552, 3, 4, "Message size exceeds file system imposed limit");
    public static final SmtpReply SIZE_LIMIT = of(552, 3, 4, "Message size exceeds fixed limit");
    public static final SmtpReply MESSAGE_TOO_BIG = of(552, 3, 4, "Error: message file too big");
    public static final SmtpReply CHUNK_TOO_BIG = of(552, 3, 4, "Chunk exceeds message size limit");
    public static final SmtpReply TOO_MANY_RECIPIENTS = of(452, 5, 3, "Error: too many recipients");
    public static final SmtpReply TOO_MANY_HOPS = of(554, 4, 0, "Error: too many hops");
    public static final SmtpReply NO_SPACE = of(452, 3, 1, "Insufficient system storage");
    public static final SmtpReply WRITE_ERROR = of(451, 3, 0, "Error: queue file write error");
    /** In Postfix's words, which has no others for it: a table that is asked for addresses does not answer. */
    public static final SmtpReply ADDRESS_LOOKUP = of(451, 3, 0, "Error: queue file write error");

    public static final SmtpReply ALIAS_EXPANSION = of(451, 6, 0, "Alias expansion error");
    public static final SmtpReply NO_ANSWER = of(451, 3, 0, "Error: message processing timeout");

    private SmtpPhrasebook() {}

    private static SmtpReply of(int code, int subject, int detail, String text) {
        return SmtpReply.of(code, EnhancedStatus.of(code / 100, subject, detail), text);
    }

    public static SmtpReply etrnRefused(String domain) {
        return SmtpReply.of(459, "<" + domain + ">: service unavailable");
    }

    /** {@code allowed}: characters. */
    public static SmtpReply badVerp(String allowed) {
        return cut(501, 5, 4, "Error: XVERP needs two characters from ", allowed);
    }

    public static SmtpReply unsupportedOption(String option) {
        return cut(555, 5, 4, "Unsupported option: ", option);
    }

    public static SmtpReply discarded(long bytes) {
        return of(551, 0, 0, "Discarded " + bytes + " bytes after earlier error");
    }

    public static SmtpReply bareLf(int code, String host) {
        return of(code, 5, 2, host + " Error: bare <LF> received");
    }

    public static SmtpReply timeout(String host) {
        return of(421, 4, 2, host + " Error: timeout exceeded");
    }

    public static SmtpReply tooManyErrors(String host) {
        return of(421, 7, 0, host + " Error: too many errors");
    }

    /** The client's part of the text is truncated so that the line keeps its limit. */
    private static SmtpReply cut(int code, int subject, int detail, String text, String peerText) {
        int room = REPLY_LINE_BYTES_MAX - "555 5.5.4 \r\n".length() - text.length();
        int end = 0;
        while (end < peerText.length()) {
            int character = peerText.codePointAt(end);
            room -= character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (room < 0) {
                break;
            }
            end += Character.charCount(character);
        }
        return of(code, subject, detail, text + peerText.substring(0, end));
    }
}
