// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.Doubt;
import dev.stafette.delivery.tls.Handshake;
import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.ServerIdentity;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.delivery.tls.TlsLogLevel.Part;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsReports;
import dev.stafette.delivery.tls.TlsSession;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * STARTTLS and the handshake (RFC 3207), between the first EHLO and the second; or the handshake alone, before the greeting.
 * Thread: event loop.
 *
 * <pre>
 *   STARTTLS → handshake → second EHLO    220
 *   STARTTLS → the session in the clear   another reply, where that may be
 *   any      → no session                 the handshake fails, or the server is not whom it should be
 * </pre>
 */
final class TlsStep implements SessionStep {
    private final SmtpSession session;
    private final Attempt attempt;
    private final TlsPolicy policy;
    private final ClientTls tls;

    // Owned by the loop.
    private boolean isShakingHands;

    TlsStep(SmtpSession session, Attempt attempt, TlsPolicy policy, ClientTls tls) {
        this.session = session;
        this.attempt = attempt;
        this.policy = policy;
        this.tls = tls;
    }

    @Override
    public SessionStage stage() {
        return SessionStage.STARTTLS;
    }

    /** Behind EHLO. */
    void ask() {
        session.enter(this);
        session.send("STARTTLS");
    }

    /** The server does not offer it. */
    void doWithout() {
        report(TlsFailure.STARTTLS_NOT_SUPPORTED, "");
        if (policy.level().isRequired()) {
            session.quit();
            attempt.onRefused(attempt.tls().noTls(OutcomePolicy.tlsNotOffered(session.peer())));
        } else {
            new HelloStep(session, attempt).logIn();
        }
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        if (reply.code() / 100 == 2) {
            begin();
            return;
        }
        report(TlsFailure.STARTTLS_NOT_SUPPORTED, reply.text());
        if (policy.level().isRequired()) {
            DeliveryOutcome why = OutcomePolicy.tlsRefused(session.peer(), reply);
            session.history().note(reply.code());
            session.quit();
            attempt.onRefused(reply.code() / 100 == 5 ? attempt.tls().noTls(why) : why);
        } else {
            new HelloStep(session, attempt).logIn();
        }
    }

    /** The handshake; nothing that came before it counts any more. */
    void begin() {
        session.enter(this);
        TlsLogLevel level = tls.logLevel();
        if (level.has(Part.VERBOSE)) {
            session.notice("setting up TLS connection to " + session.peer().relay());
        }
        SslHandler handler;
        try {
            String name = policy.serverName().equals(TlsPolicy.HOST_NAME)
                    ? session.peer().host()
                    : policy.serverName();
            if (!name.isEmpty() && level.has(Part.DEBUG)) {
                session.notice(session.peer().relay() + ": SNI hostname: " + name);
            }
            handler = tls.contexts()
                    .newHandler(
                            policy,
                            session.channel().alloc(),
                            session.peer().place(),
                            session.peer().port(),
                            name);
        } catch (TlsException | IllegalArgumentException e) {
            session.abort(OutcomePolicy.noTlsEngine(session.peer()));
            return;
        }
        // The session has its own clock.
        handler.setHandshakeTimeoutMillis(0);
        isShakingHands = true;
        long beganMs = System.currentTimeMillis();
        long beganNs = session.nowNs();
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                onEstablished(handler, beganMs, beganNs);
            } else {
                onFailed(done.cause());
            }
        });
        session.startTls(handler);
    }

    private void onEstablished(SslHandler handler, long beganMs, long beganNs) {
        if (session.isClosed()) {
            return;
        }
        ServerIdentity identity =
                ServerIdentity.of(handler.engine(), policy, session.peer().host(), tls);
        TlsSession established = Handshake.session(handler.engine(), beganMs, tls.fingerprint(), identity.trust(), "");
        session.setTls(established);
        session.noteHandshake(established, beganNs);
        log(established, identity);
        report(handler, established, identity);
        if (policy.level().mustMatch() && identity.doubt() != null) {
            session.quit();
            session.flush();
            attempt.onRefused(attempt.tls().noTls(OutcomePolicy.notVerified(session.peer())));
        } else if (tls.isWrapped()) {
            session.enter(new HelloStep(session, attempt));
        } else {
            HelloStep again = new HelloStep(session, attempt);
            session.enter(again);
            again.repeat();
            session.flush();
        }
    }

    private void report(SslHandler handler, TlsSession established, ServerIdentity identity) {
        TlsReports reports = tls.reports();
        ReportedPolicy reported = policy.reported();
        if (reports == null || reported == null || established.isResumed() && !reports.countsResumed()) {
            return;
        }
        ServerIdentity judged = reported.isTested()
                ? ServerIdentity.tested(
                        handler.engine(), reported, session.peer().host(), tls)
                : identity;
        // A certificate that nobody has asked for is nobody's failure.
        boolean counts = reported.isTested() || policy.level().mustMatch();
        report(counts ? judged.failure() : null, counts ? judged.reason() : "");
    }

    private void report(@Nullable TlsFailure failure, String reason) {
        TlsReports reports = tls.reports();
        ReportedPolicy reported = policy.reported();
        if (reports != null && reported != null) {
            Peer peer = session.peer();
            reports.add(new TlsEvent(reported, peer.host(), peer.place(), localAddress(), failure, reason));
        }
    }

    private String localAddress() {
        return session.channel().localAddress() instanceof InetSocketAddress local
                ? local.getAddress().getHostAddress()
                : "";
    }

    private void log(TlsSession established, ServerIdentity identity) {
        TlsLogLevel level = tls.logLevel();
        String relay = session.peer().relay();
        if (established.isResumed() && level.has(Part.CACHE)) {
            session.notice(relay + ": Reusing old session");
        }
        if (level.has(Part.CERTMATCH, Part.VERBOSE, Part.PEERCERT)) {
            identity.matches().forEach(match -> session.notice(relay + ": " + match));
        }
        Doubt doubt = identity.doubt();
        if (doubt != null && (policy.level().mustMatch() || level.has(Part.UNTRUSTED))) {
            session.notice(doubt.line("server", relay));
        }
        PeerCertificate peer = established.peer();
        if (peer != null && level.has(Part.CERTMATCH, Part.VERBOSE, Part.PEERCERT)) {
            session.notice(relay + ": " + peer.ofServer());
        }
        if (level.has(Part.SUMMARY)) {
            session.notice(established.trust().word() + " TLS connection "
                    + (established.isResumed() ? "reused" : "established") + " to " + relay + ": "
                    + established.text());
        }
    }

    private void onFailed(Throwable cause) {
        if (!session.isClosed()) {
            session.abort(failed(cause));
        }
    }

    /** As Postfix: a handshake has failed, however the server has closed the connection. */
    @Override
    public DeliveryOutcome lost(Peer peer) {
        return isShakingHands && !session.isClosed()
                ? failed(new ClosedChannelException())
                : SessionStep.super.lost(peer);
    }

    private DeliveryOutcome failed(Throwable cause) {
        String why = Objects.requireNonNullElse(cause.getMessage(), "lost connection");
        session.notice("SSL_connect error to " + session.peer().relay() + ": " + why);
        report(TlsFailure.VALIDATION_FAILURE, why);
        boolean mayBeClear = !policy.level().isRequired() && !tls.isWrapped();
        if (mayBeClear) {
            attempt.doWithoutTls(session.peer());
        }
        DeliveryOutcome failed = OutcomePolicy.handshakeFailed(session.peer());
        // A connection that breaks says nothing of the server's TLS.
        return cause instanceof SSLException ? attempt.tls().noTls(failed) : failed;
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        attempt.onRefused(why);
    }
}
