// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.delivery.tls.Doubt;
import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.delivery.tls.TlsLogLevel.Part;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.engine.log.CommandCounts;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.RejectedMail;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.LoginFacts;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mail log lines of one session, and keeps what is said in it.
 * Thread: event loop.
 */
final class SessionLog {
    /** Of input that is logged because it came too early. */
    private static final int EXCERPT_BYTES_MAX = 100;

    private final MailLog log;
    private final SessionClient client;
    private final SessionState state;
    private final SessionTranscript transcript;
    private final CommandCounts counts = new CommandCounts();

    SessionLog(MailLog log, SessionClient client, SessionState state, SessionTranscript transcript) {
        this.log = log;
        this.client = client;
        this.state = state;
        this.transcript = transcript;
    }

    SessionTranscript transcript() {
        return transcript;
    }

    void connected() {
        log.connected(client.text());
    }

    /** A message has got its id. */
    void identified(String queueId) {
        ClientAttributes forwarded = client.forwarded();
        String more = forwarded == null ? login() : login() + original(forwarded);
        log.clientOf(queueId, more.isEmpty() ? client.text() : client.text() + more);
    }

    private String login() {
        LoginFacts login = client.login().facts(state.transaction());
        String text = login.isLoggedIn() ? ", sasl_method=" + login.method() + ", sasl_username=" + login.user() : "";
        return login.sender().isEmpty() ? text : text + ", sasl_sender=" + login.sender();
    }

    /** Whom XFORWARD names, in Postfix's words. */
    private static String original(ClientAttributes forwarded) {
        String id = forwarded.value(ClientAttribute.IDENT);
        String name = forwarded.value(ClientAttribute.NAME);
        String address = forwarded.value(ClientAttribute.ADDR);
        String text = id == null ? "" : ", orig_queue_id=" + id;
        if (!forwarded.tellsClient()) {
            return text;
        }
        String shown = name == null ? ClientFacts.UNKNOWN : name;
        return text + ", orig_client=" + (address == null ? shown : shown + '[' + address + ']');
    }

    void count(SmtpVerb verb, boolean isAccepted) {
        counts.count(verb, isAccepted);
    }

    void noteBareLineFeed() {
        counts.noteBareLineFeed();
    }

    void disconnected() {
        transcript.end();
        log.disconnected(client.text(), counts);
    }

    void commandTooLong(SmtpLineDecoder lines) {
        log.commandTooLong(client.text(), lines.length(), lines.excerpt());
    }

    void nonSmtpCommand(String text) {
        log.nonSmtpCommand(client.text(), text);
    }

    /** {@code input}: what came too early. Borrowed. */
    void improperPipelining(ByteBuf input) {
        int length = Math.min(input.readableBytes(), EXCERPT_BYTES_MAX);
        String excerpt = input.toString(input.readerIndex(), length, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n");
        log.improperPipelining(state.lastCommand(), client.text(), excerpt);
    }

    void bareLineFeed() {
        log.bareLineFeed(state.queueIdText(), client.text(), state.lastCommand());
    }

    void tooManyErrors() {
        transcript.abort("too many errors");
        log.tooManyErrors(state.lastCommand(), client.text());
    }

    /** {@code contentBytes}: received so far; negative when no content is expected. */
    void timedOut(long contentBytes) {
        transcript.abort("timeout");
        log.timedOut(state.lastCommand(), contentBytes, client.text());
    }

    /** {@code contentBytes}: received so far; negative when no content is expected. */
    void connectionLost(long contentBytes) {
        transcript.abort("lost connection");
        log.connectionLost(state.lastCommand(), contentBytes, client.text());
    }

    /** {@code reply}: as it is said. */
    void rejected(String stage, SmtpReply reply, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        transcript.noteRuling(stage, reply);
        log.rejected(state.queueIdText(), stage, client.text(), reply, mail(sender, recipient));
    }

    /** The log has told of it. */
    void noteRefused(String stage, SmtpReply reply) {
        transcript.noteRuling(stage, reply);
    }

    /** As {@link #rejected}, for what was not. */
    void warned(String stage, SmtpReply reply, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        log.rejectWarning(state.queueIdText(), stage, client.text(), reply, mail(sender, recipient));
    }

    /** {@code what} an access table wants done, such as {@code hold}. */
    void ordered(
            String what, String stage, String text, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        log.ordered(state.queueIdText(), what, stage, client.text(), text, mail(sender, recipient));
    }

    /** The session ends by no fault of the client. */
    void failed(String stage, SmtpReply reply) {
        String queueId = state.queueIdText();
        log.info(
                "smtpd",
                (queueId == null ? "NOQUEUE" : queueId) + ": reject: " + stage + " from " + client.text() + ": "
                        + reply.logText());
    }

    /** Something is wrong with the configuration. */
    void warning(String text) {
        log.warning("smtpd", text);
    }

    /** What a filter in front of the queue has said to a whole message: {@code accept} or {@code reject}. */
    void proxied(String what, SmtpReply reply, Transaction transaction) {
        RecipientFacts first = transaction.firstRecipient();
        log.proxied(
                what,
                SessionState.AFTER_CONTENT,
                reply.toString().stripTrailing().replace("\r\n", "??"),
                mail(transaction.givenSender(), first == null ? null : first.recipient()));
    }

    /** As {@link #warning}, of what happens to a message that is there. */
    void cleanupWarning(String text) {
        log.warning("cleanup", text);
    }

    private RejectedMail mail(@Nullable MailAddress sender, @Nullable MailAddress recipient) {
        Hello hello = state.hello();
        return new RejectedMail(
                sender == null ? null : sender.external(),
                recipient == null ? null : recipient.external(),
                hello.protocol(),
                hello.name().isEmpty() ? null : hello.name());
    }

    void info(String text) {
        log.info("smtpd", text);
    }

    /** {@code doubt}: why the client's certificate is not trusted; null: it is, or there is none. */
    void tlsEstablished(TlsSession tls, ServerTls rules, @Nullable Doubt doubt) {
        TlsLogLevel level = rules.logLevel();
        PeerCertificate peer = tls.peer();
        String whom = client.text();
        if (tls.isResumed() && level.has(Part.CACHE)) {
            log.info("smtpd", whom + ": Reusing old session");
        }
        if (peer != null && level.has(Part.VERBOSE, Part.PEERCERT)) {
            log.info("smtpd", whom + ": " + peer.ofClient());
        }
        if (doubt != null && (rules.requiresCertificate() || level.has(Part.UNTRUSTED))) {
            log.info("smtpd", doubt.line("client", whom));
        }
        if (level.has(Part.SUMMARY)) {
            log.tlsFrom(whom, tls);
        }
    }

    /** {@code cause}: null when the handshake was given up. */
    void tlsFailed(@Nullable Throwable cause) {
        String start = "SSL_accept error from " + client.text() + ": ";
        if (cause instanceof SslHandshakeTimeoutException) {
            log.info("smtpd", start + "Connection timed out");
        } else if (cause instanceof SSLException && !(cause instanceof SslClosedEngineException)) {
            log.info("smtpd", start + "-1");
            log.warning("smtpd", "TLS library problem: " + cause.getMessage());
        } else {
            log.info("smtpd", start + "lost connection");
        }
    }

    void etrnRejected(String domain) {
        log.etrnRejected(client.text(), domain);
    }
}
