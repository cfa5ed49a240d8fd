// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.tls.ClientTls;
import java.time.Duration;

/** What a session waits for, in Postfix's words: logs and bounces quote them. */
enum SessionStage {
    CONNECT("connecting", ""),
    GREETING("receiving the initial server greeting", ""),
    EHLO("performing the EHLO handshake", "EHLO command"),
    HELO("performing the HELO handshake", "HELO command"),
    LHLO("performing the LHLO handshake", "LHLO command"),
    STARTTLS("receiving the STARTTLS response", "STARTTLS command"),
    /** As Postfix, to which it is part of the handshake. */
    AUTH("performing the EHLO handshake", "AUTH command"),
    XFORWARD_CLIENT("sending XFORWARD name/address", "XFORWARD name/address command"),
    XFORWARD_REST("sending XFORWARD protocol/helo_name", "XFORWARD helo/protocol command"),
    MAIL("sending MAIL FROM", "MAIL FROM command"),
    RCPT("sending RCPT TO", "RCPT TO command"),
    DATA("sending DATA command", "DATA command"),
    BODY("sending message body", "end of DATA command"),
    DOT("sending end of data -- message may be sent more than once", "end of DATA command"),
    RSET("sending final RSET", "final RSET command"),
    IDLE("idle", ""),
    QUIT("sending QUIT", "QUIT command");

    /** The reply to QUIT is not worth waiting for; the connection is held open for it so long that it can be read. */
    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    /** Goes with "while". */
    final String doing;

    /** Goes with "in reply to"; empty where the server speaks unasked. */
    final String command;

    SessionStage(String doing, String command) {
        this.doing = doing;
        this.command = command;
    }

    Duration timeout(SmtpClientSettings settings, ClientTls tls) {
        SmtpTimeouts timeouts = settings.timeouts();
        return switch (this) {
            case CONNECT -> timeouts.connect();
            case GREETING, EHLO, HELO, LHLO, AUTH -> timeouts.helo();
            case STARTTLS -> tls.timeout();
            case XFORWARD_CLIENT, XFORWARD_REST -> timeouts.xforward();
            case MAIL -> timeouts.mail();
            case RCPT -> timeouts.rcpt();
            case DATA -> timeouts.dataInit();
            case BODY -> timeouts.dataXfer();
            case DOT -> timeouts.dataDone();
            case RSET -> timeouts.rset();
            case IDLE -> settings.reuse().idle();
            case QUIT -> QUIT_TIMEOUT;
        };
    }
}
