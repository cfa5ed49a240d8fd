// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.smtp.CommandFilter;
import dev.stafette.engine.tls.ServerContext;
import io.netty.handler.ssl.SslClosedEngineException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The mail log lines of screening, in Postfix's words.
 * Thread: any.
 */
final class ScreenLog {
    private static final String POSTSCREEN = "postscreen";
    private static final String DNSBLOG = "dnsblog";
    private static final String TLSPROXY = "tlsproxy";

    /** Of what a client has said. */
    private static final int EXCERPT_LENGTH_MAX = 100;

    private final MailLog log;
    private final boolean saysAllowed;
    /** That the old words are a default is yet to be said. */
    private final AtomicBoolean isWordingUnsaid;

    ScreenLog(MailLog log, ScreenSettings.Protocol protocol) {
        this.log = log;
        this.saysAllowed = protocol.saysAllowed();
        this.isWordingUnsaid = new AtomicBoolean(!saysAllowed && protocol.isWordingDefault());
    }

    /** {@code [address]:port}. */
    static String text(InetSocketAddress address) {
        return '[' + IpText.format(address.getAddress()) + "]:" + address.getPort();
    }

    private void info(String text) {
        log.info(POSTSCREEN, text);
    }

    void warning(String text) {
        log.warning(POSTSCREEN, text);
    }

    void mistake(Throwable cause) {
        log.error(POSTSCREEN, "screening ended: " + cause);
    }

    void handshakeBegins(InetSocketAddress client) {
        log.info(TLSPROXY, "CONNECT from " + text(client));
    }

    void handshakeEnded(InetSocketAddress client) {
        log.info(TLSPROXY, "DISCONNECT " + text(client));
    }

    void tlsEstablished(InetSocketAddress client, ServerContext.Agreement agreement) {
        log.info(TLSPROXY, MailLog.established(text(client), agreement.session()));
    }

    void tlsNameInvalid(InetSocketAddress client, String name) {
        log.warning(TLSPROXY, "TLS SNI from " + text(client) + " is invalid: " + name);
    }

    void tlsNameUnknown(InetSocketAddress client, String name) {
        log.info(TLSPROXY, "TLS SNI " + name + " from " + text(client) + " not matched, using default chain");
    }

    /** {@code cause}: null when the handshake was given up. */
    void tlsFailed(InetSocketAddress client, @Nullable Throwable cause) {
        String start = "SSL_accept error from " + text(client) + ": ";
        if (cause instanceof SSLException && !(cause instanceof SslClosedEngineException)) {
            log.info(TLSPROXY, start + "-1");
            log.warning(TLSPROXY, "TLS library problem: " + cause.getMessage());
        } else {
            log.info(TLSPROXY, start + "lost connection");
        }
    }

    void tlsUnavailable() {
        warning("problem receiving status from private/tlsproxy service");
    }

    void discardedKeywords(InetSocketAddress client, String keywords) {
        info(text(client) + ": discarding EHLO keywords: " + keywords);
    }

    void replaced(InetSocketAddress client, String command, String other) {
        info(CommandFilter.replaced(text(client), command, other));
    }

    void connected(InetSocketAddress client, InetSocketAddress server) {
        info("CONNECT from " + text(client) + " to " + text(server));
    }

    void tooManyConnections(InetSocketAddress client) {
        info("NOQUEUE: reject: CONNECT from " + text(client) + ": too many connections");
    }

    void serversBusy(InetSocketAddress client) {
        info("NOQUEUE: reject: CONNECT from " + text(client) + ": all server ports busy");
    }

    void screensBusy(InetSocketAddress client) {
        info("reject: connect from " + text(client) + ": all screening ports busy");
    }

    void denied(InetSocketAddress client) {
        listed(saysAllowed ? "DENYLISTED " : "BLACKLISTED ", client);
    }

    void allowed(InetSocketAddress client) {
        listed(saysAllowed ? "ALLOWLISTED " : "WHITELISTED ", client);
    }

    /** It came to an address of ours where nobody passes. */
    void vetoed(InetSocketAddress client) {
        listed(saysAllowed ? "ALLOWLIST VETO " : "WHITELIST VETO ", client);
    }

    private void listed(String how, InetSocketAddress client) {
        info(how + text(client));
        if (isWordingUnsaid.compareAndSet(true, false)) {
            info("using backwards-compatible default setting respectful_logging=no for client " + text(client));
        }
    }

    void passed(InetSocketAddress client, boolean isNew) {
        info("PASS " + (isNew ? "NEW " : "OLD ") + text(client));
    }

    void spokeEarly(InetSocketAddress client, byte[] said, long afterNs) {
        log.info(
                POSTSCREEN,
                "PREGREET " + said.length + " after ",
                afterNs,
                " from " + text(client) + ": " + excerpt(said));
    }

    void listed(InetSocketAddress client, int score) {
        info("DNSBL rank " + score + " for " + text(client));
    }

    void hungUp(InetSocketAddress client, long afterNs, String phase) {
        log.info(POSTSCREEN, "HANGUP after ", afterNs, " from " + text(client) + " in " + phase);
    }

    void disconnected(InetSocketAddress client) {
        info("DISCONNECT " + text(client));
    }

    void bareNewline(InetSocketAddress client, byte[] line) {
        info("BARE NEWLINE from " + text(client) + " after " + excerpt(line));
    }

    void nonSmtpCommand(InetSocketAddress client, String lastCommand, byte[] command, byte[] rest) {
        info("NON-SMTP COMMAND from " + text(client) + " after " + lastCommand + ": " + printable(command) + ' '
                + excerpt(rest));
    }

    void pipelined(InetSocketAddress client, byte[] command, byte[] behind) {
        info("COMMAND PIPELINING from " + text(client) + " after " + printable(command) + ": " + excerpt(behind));
    }

    /** {@code limit}: {@code TIME}, {@code COUNT} or {@code LENGTH}. */
    void limitReached(InetSocketAddress client, String limit, String lastCommand) {
        info("COMMAND " + limit + " LIMIT from " + text(client) + " after " + lastCommand);
    }

    void contentRefused(InetSocketAddress client, String command) {
        info(command + " without valid RCPT from " + text(client));
    }

    void rejected(
            InetSocketAddress client,
            SmtpReply reply,
            String sender,
            String recipient,
            String protocol,
            @Nullable String helo) {
        info("NOQUEUE: reject: RCPT from " + text(client) + ": " + reply.logText() + "; from=<" + log.address(sender)
                + ">, to=<" + log.address(recipient) + ">, proto=" + protocol + ", helo=<" + (helo == null ? "" : helo)
                + ">");
    }

    void stressBegins(int count) {
        info("entering STRESS mode with " + count + " connections");
    }

    void stressEnds(int count) {
        info("leaving STRESS mode with " + count + " connections");
    }

    void cleaned(String cache, int retained, int dropped) {
        info("cache " + cache + " full cleanup: retained=" + retained + " dropped=" + dropped + " entries");
    }

    void inList(InetAddress client, String list, String entry) {
        log.info(DNSBLOG, "addr " + IpText.format(client) + " listed by domain " + list + " as " + entry);
    }

    void listUnavailable(String question, String why) {
        log.warning(DNSBLOG, "dnsblog_query: lookup error for DNS query " + question + ": " + why);
    }

    void listTimedOut(String list, long seconds) {
        warning("dnsblog reply timeout " + seconds + "s for " + list);
    }

    private static String printable(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), EXCERPT_LENGTH_MAX); i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return out.toString();
    }

    /** As C would write it. */
    private static String excerpt(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length && out.length() < EXCERPT_LENGTH_MAX; i++) {
            int c = bytes[i] & 0xff;
            int letter = "\u0007\b\f\n\r\t\u000b".indexOf(c);
            if (c >= ' ' && c <= '~') {
                out.append(c == '\\' ? "\\\\" : (char) c);
            } else if (letter >= 0) {
                out.append('\\').append("abfnrtv".charAt(letter));
            } else {
                out.append('\\').append(c >> 6).append(c >> 3 & 7).append(c & 7);
            }
        }
        return out.substring(0, Math.min(out.length(), EXCERPT_LENGTH_MAX));
    }
}
