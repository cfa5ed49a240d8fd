// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.MessageFacts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Restrictions;
import dev.stafette.engine.restriction.Ruling;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way of a session up to its greeting: whom a proxy speaks for, the client's name, what the lists say of it, whether it
 * comes too often, the restrictions on it where those are not delayed, and whether it waits for the greeting. Where TLS comes
 * before that, it comes as soon as the client has its name.
 * Thread: event loop.
 *
 * <p>XCLIENT makes a session begin anew with a name that is given, and without a proxy, counts and restrictions, as in Postfix.
 */
final class SessionOpening {
    private final OpeningListener listener;
    private final ServiceLoop service;
    private final Connection connection;
    private final SessionClient client;
    private final SessionState state;
    private final SessionLog log;
    private final SessionTls tls;
    private final SessionMilters milters;

    SessionOpening(
            OpeningListener listener,
            ServiceLoop service,
            Connection connection,
            SessionClient client,
            SessionState state,
            SessionLog log,
            SessionTls tls,
            SessionMilters milters) {
        this.listener = listener;
        this.service = service;
        this.connection = connection;
        this.client = client;
        this.state = state;
        this.log = log;
        this.tls = tls;
        this.milters = milters;
    }

    /** The client has connected. */
    void begin() {
        Duration proxyTimeout = service.settings().protocol().proxyTimeout();
        if (proxyTimeout == null) {
            enter();
        } else {
            ProxyInput proxy = new ProxyInput(this::onProxied, this::refuseProxy);
            connection.setInput(proxy);
            connection.schedule(proxy::onTimeout, proxyTimeout.toNanos());
        }
    }

    /** {@code peer}: whom the proxy speaks for; null: for itself. */
    private void onProxied(@Nullable InetSocketAddress peer) {
        if (state.isClosed()) {
            return;
        }
        connection.setInput(Input.NOBODY);
        if (peer != null) {
            connection.setPeer(peer);
        }
        enter();
    }

    private void refuseProxy(String why) {
        if (state.isClosed()) {
            return;
        }
        service.log().warning("smtpd", why);
        log.connected();
        listener.turnAway(service.replies().localError());
    }

    private void enter() {
        client.enter();
        if (service.settings().clients().looksUpNames()) {
            service.names().find(connection.address(), this::onNamed);
        } else {
            onNamed(ClientName.UNKNOWN);
        }
    }

    private void onNamed(ClientName names) {
        service.inquirer().ask(inquiry -> client.ask(names, inquiry), this::onKnown, listener::onMistake);
    }

    private void onKnown(ClientStanding standing) {
        if (state.isClosed()) {
            return;
        }
        client.onFirstKnown(standing);
        log.connected();
        if (!service.settings().tls().isWrapped()) {
            admit();
        } else if (tls.mayBegin()) {
            // Not within what was read: that may have the start of the handshake in it.
            connection.schedule(() -> tls.beginWrapped(this::admit), 0);
        } else {
            listener.abandon();
        }
    }

    private void admit() {
        if (state.isClosed()) {
            return;
        }
        if (client.isTooMany()) {
            listener.turnAway(service.replies().tooManyConnections(connection.addressText()));
            return;
        }
        Restrictions restrictions = service.settings().restrictions();
        if (restrictions.isDelayed() || !restrictions.has(RestrictionStage.CLIENT)) {
            awaitGreeting();
            return;
        }
        Facts facts = new Facts(
                client.facts(),
                "",
                null,
                null,
                null,
                "",
                MessageFacts.NONE,
                connection.facts(state.hello().protocol(), client.login().facts(null), state.tls(), null));
        service.inquirer()
                .ask(
                        inquiry -> restrictions.at(RestrictionStage.CLIENT, facts, inquiry, null),
                        this::onJudged,
                        listener::onMistake);
    }

    /** The client is judged before it has said anything ({@code smtpd_delay_reject = no}). */
    private void onJudged(Ruling ruling) {
        if (!state.isClosed()) {
            listener.onJudged(ruling);
            awaitGreeting();
        }
    }

    private void awaitGreeting() {
        if (state.denial() != null) {
            greetSoon();
        } else {
            milters.connect(this::greetSoon, listener::onMistake);
        }
    }

    private void greetSoon() {
        // So that early talkers are found before the greeting is sent.
        connection.afterNextLook(this::greet);
    }

    private void greet() {
        if (state.isClosed()) {
            return;
        }
        ByteBuf early = connection.heldInput();
        if (early.isReadable() && service.settings().protocol().forbidsPipelining()) {
            listener.refusePipelining(early);
        } else {
            listener.greet();
        }
        connection.resume();
    }

    /** XCLIENT: the session is another client's from here on. */
    void beginAgain(ClientAttributes attributes) {
        connection.setPeer(client.peer(attributes));
        state.setHello(Hello.of(attributes));
        client.login().take(attributes);
        ClientName names = client.names(attributes);
        service.inquirer().ask(inquiry -> client.ask(names, inquiry), this::onKnownAgain, listener::onMistake);
    }

    private void onKnownAgain(ClientStanding standing) {
        if (state.isClosed()) {
            return;
        }
        client.onKnown(standing);
        milters.close();
        milters.connect(this::greetAgain, listener::onMistake);
    }

    private void greetAgain() {
        if (!state.isClosed()) {
            listener.greet();
            connection.resume();
        }
    }
}
