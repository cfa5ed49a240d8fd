// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is said to clients that have no session.
 * Thread: any (it does not change).
 */
final class ScreenReplies {
    private static final String STARTTLS = "STARTTLS";

    static final SmtpReply NO_RESOURCES = reply(421, 3, 2, "No system resources");
    static final SmtpReply TOO_MANY_CONNECTIONS = reply(421, 7, 0, "Error: too many connections");
    static final SmtpReply SERVERS_BUSY = reply(421, 3, 2, "All server ports are busy");
    static final SmtpReply SCREENS_BUSY = reply(421, 3, 2, "All screening ports are busy");
    static final SmtpReply COME_AGAIN = reply(450, 3, 2, "Service currently unavailable");
    static final SmtpReply UNWELCOME_DROP = reply(521, 3, 2, "Service currently unavailable");
    static final SmtpReply UNWELCOME = reply(550, 3, 2, "Service currently unavailable");
    static final SmtpReply PROTOCOL_DROP = reply(521, 5, 1, "Protocol error");
    static final SmtpReply PROTOCOL = reply(550, 5, 1, "Protocol error");
    static final SmtpReply NON_SMTP_DROP = reply(521, 7, 0, "Error: I can break rules, too. Goodbye.");
    static final SmtpReply START_TLS = reply(220, 0, 0, "Ready to start TLS");
    static final SmtpReply TLS_ACTIVE = reply(554, 5, 1, "Error: TLS already active");
    static final SmtpReply TLS_UNAVAILABLE = reply(454, 7, 0, "TLS not available due to local problem");
    static final SmtpReply NEED_TLS = reply(530, 7, 0, "Must issue a STARTTLS command first");
    static final SmtpReply BYE = reply(221, 0, 0, "Bye");
    static final SmtpReply OK = reply(250, 0, 0, "Ok");
    static final SmtpReply SENDER_OK = reply(250, 1, 0, "Ok");
    static final SmtpReply UNKNOWN = reply(502, 5, 2, "Error: command not recognized");
    static final SmtpReply NOT_BUILT = reply(502, 5, 1, "Error: command not implemented");
    static final SmtpReply NO_VRFY = reply(502, 5, 1, "VRFY command is disabled");
    static final SmtpReply HELLO_FIRST = reply(503, 5, 1, "Error: send HELO/EHLO first");
    static final SmtpReply NESTED_MAIL = reply(503, 5, 1, "Error: nested MAIL command");
    static final SmtpReply MAIL_FIRST = reply(503, 5, 1, "Error: need MAIL command");
    static final SmtpReply RCPT_FIRST = reply(503, 5, 1, "Error: need RCPT command");
    static final SmtpReply BDAT_NEEDS_MAIL = reply(554, 5, 1, "Error: need MAIL command");
    static final SmtpReply NO_RECIPIENTS = reply(554, 5, 1, "Error: no valid recipients");
    static final SmtpReply MAIL_SYNTAX = reply(501, 5, 4, "Syntax: MAIL FROM:<address>");
    static final SmtpReply RCPT_SYNTAX = reply(501, 5, 4, "Syntax: RCPT TO:<address>");
    static final SmtpReply DATA_SYNTAX = reply(501, 5, 4, "Syntax: DATA");
    static final SmtpReply BDAT_SYNTAX = reply(501, 5, 4, "Syntax: BDAT count [LAST]");
    static final SmtpReply VRFY_SYNTAX = reply(501, 5, 4, "Syntax: VRFY address");
    static final SmtpReply HELO_SYNTAX = SmtpReply.of(501, "Syntax: HELO hostname");
    static final SmtpReply EHLO_SYNTAX = SmtpReply.of(501, "Syntax: EHLO hostname");
    static final SmtpReply ETRN_SYNTAX = SmtpReply.of(500, "Syntax: ETRN domain");
    static final SmtpReply NO_ETRN = SmtpReply.of(458, "Unable to queue messages");

    final SmtpReply greeting;
    final SmtpReply helo;
    /** What may be said in answer to EHLO. */
    private final List<String> extensions;

    private final String hostName;
    final SmtpReply timeout;
    final SmtpReply tryLater;

    ScreenReplies(Settings settings) {
        hostName = settings.text("myhostname");
        greeting = SmtpReply.of(220, settings.text("smtpd_banner"));
        helo = SmtpReply.of(250, hostName);
        extensions = extensions(settings);
        timeout = reply(421, 4, 2, hostName + " Error: timeout exceeded");
        tryLater = SmtpReply.of(421, hostName + " Service unavailable - try again later");
    }

    private static SmtpReply reply(int code, int subject, int detail, String text) {
        return SmtpReply.of(code, EnhancedStatus.of(code / 100, subject, detail), text);
    }

    /** In Postfix's order; pipelining is no offer of a server that tests for it. */
    private static List<String> extensions(Settings settings) {
        long messageBytes = settings.size("message_size_limit");
        List<String> lines = new ArrayList<>();
        lines.add(messageBytes > 0 ? "SIZE " + messageBytes : "SIZE");
        if (!settings.flag("disable_vrfy_command")) {
            lines.add("VRFY");
        }
        lines.addAll(List.of("ETRN", STARTTLS, "ENHANCEDSTATUSCODES", "8BITMIME", "DSN"));
        if (settings.flag("smtputf8_enable")) {
            lines.add("SMTPUTF8");
        }
        lines.add("CHUNKING");
        return lines;
    }

    SmtpReply ehlo(boolean offersTls, Set<String> hidden) {
        List<String> lines = new ArrayList<>();
        lines.add(hostName);
        for (String line : extensions) {
            String keyword = line.split(" ", 2)[0];
            if (!hidden.contains(keyword) && (offersTls || !keyword.equals(STARTTLS))) {
                lines.add(line);
            }
        }
        return SmtpReply.ofLines(250, null, lines);
    }

    /** {@code address}: of a client that DNS lists have, the weightiest of which is {@code list}. */
    static SmtpReply listed(int code, String address, String list) {
        return reply(code, 7, 1, "Service unavailable; client [" + address + "] blocked using " + list);
    }

    /** As {@code soft_bounce} has it. */
    static SmtpReply softened(SmtpReply reply) {
        EnhancedStatus status = reply.status();
        return reply.isPermanent()
                ? SmtpReply.ofLines(reply.code() - 100, status == null ? null : status.withClass(4), reply.lines())
                : reply;
    }
}
