// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.delivery.tls.TlsLogLevel.Part;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.Trust;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.smtp.SessionState.Phase;
import dev.stafette.engine.tls.ServerContext;
import dev.stafette.engine.tls.ServerHandshake;
import dev.stafette.engine.tls.ServerTls;

/**
 * Begins TLS on the connection of a session, behind STARTTLS (RFC 3207) or before the greeting (RFC 8314), and takes down
 * what comes of it.
 * Thread: event loop.
 *
 * <p>A handshake that fails ends the session: nobody knows what the client would take for an answer.
 */
final class SessionTls {
    private final TlsListener listener;
    private final ServiceLoop service;
    private final Connection connection;
    private final SessionClient client;
    private final SessionState state;
    private final SessionLog log;

    // Owned by the loop.
    /** STARTTLS is answered, but the answer is delayed. */
    private boolean awaitsReply;
    /** The client has no certificate that is good enough: its next command is refused. */
    private boolean lacksCertificate;

    SessionTls(
            TlsListener listener,
            ServiceLoop service,
            Connection connection,
            SessionClient client,
            SessionState state,
            SessionLog log) {
        this.listener = listener;
        this.service = service;
        this.connection = connection;
        this.client = client;
        this.state = state;
        this.log = log;
    }

    private ServerTls rules() {
        return service.settings().tls();
    }

    /** EHLO says so. */
    boolean isOffered() {
        return rules().isOffered() && !state.isSecure();
    }

    /** Nothing but STARTTLS is taken now, and what says nothing of mail. */
    boolean isDemanded() {
        return rules().isRequired() && !state.isSecure();
    }

    boolean lacksCertificate() {
        return lacksCertificate;
    }

    /** Whether a handshake may begin on a port that is for TLS alone; says why not. */
    boolean mayBegin() {
        String whom = client.text() + " for service " + service.name();
        if (rules().context() == null) {
            log.warning("Wrapper-mode request dropped from " + whom
                    + ". TLS context initialization failed. For details see earlier warnings in your logs.");
            return false;
        }
        if (client.wasTooOften(ClientEvent.NEW_TLS)) {
            log.warning("Refusing TLS service request from " + whom);
            return false;
        }
        return true;
    }

    /** STARTTLS is answered. */
    void start() {
        enterHandshake();
        awaitsReply = true;
        if (!connection.isDelayed()) {
            onReplied();
        }
    }

    private void enterHandshake() {
        state.setPhase(Phase.HANDSHAKE);
        connection.setInput(Input.NOBODY);
    }

    void onReplied() {
        if (awaitsReply && !state.isClosed()) {
            awaitsReply = false;
            begin(false, listener::onTlsStarted);
        }
    }

    void beginWrapped(Runnable then) {
        if (!state.isClosed()) {
            enterHandshake();
            begin(true, () -> {
                state.setPhase(Phase.GREETING);
                then.run();
            });
        }
    }

    private void begin(boolean isWrapped, Runnable then) {
        ServerContext context = rules().context();
        if (context == null) {
            throw new IllegalStateException("no TLS");
        }
        if (rules().logLevel().has(Part.VERBOSE)) {
            log.info("setting up TLS connection from " + client.text());
        }
        long beganNs = service.nowNs();
        ServerHandshake handshake = new ServerHandshake() {
            @Override
            public void onInvalidName(String name) {
                log.warning("TLS SNI from " + client.text() + " is invalid: " + name);
            }

            @Override
            public void onUnknownName(String name) {
                log.info("TLS SNI " + name + " from " + client.text() + " not matched, using default chain");
            }

            @Override
            public void onEstablished(ServerContext.Agreement agreement) {
                SessionTls.this.onEstablished(agreement, service.nowNs() - beganNs, then);
            }

            @Override
            public void onFailed(Throwable cause) {
                SessionTls.this.onFailed(cause);
            }
        };
        connection.startTls(
                context.begin(connection.allocator(), service.nowNs(), rules().timeout(), handshake), isWrapped);
    }

    private void onEstablished(ServerContext.Agreement agreement, long ns, Runnable then) {
        if (state.isClosed()) {
            return;
        }
        TlsSession established = agreement.session();
        service.meter().record(established.isResumed() ? Stage.TLS_IN_RESUMED : Stage.TLS_IN, ns);
        state.setTls(established);
        connection.setBindsLogins(agreement.tellsCertificate(), agreement.shown());
        log.tlsEstablished(established, rules(), agreement.doubt());
        lacksCertificate = rules().requiresCertificate() && established.trust() != Trust.TRUSTED;
        if (!established.isResumed() && client.isTooOften(ClientEvent.NEW_TLS)) {
            listener.turnAway(service.replies().tooManyTlsSessions(client.text()));
            return;
        }
        then.run();
    }

    private void onFailed(Throwable cause) {
        if (state.isClosed()) {
            return;
        }
        log.tlsFailed(cause);
        client.isTooOften(ClientEvent.NEW_TLS);
        if (state.isInCommand()) {
            state.endCommand();
            log.count(SmtpVerb.STARTTLS, false);
        }
        listener.onLost();
    }
}
