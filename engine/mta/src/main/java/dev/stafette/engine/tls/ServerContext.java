// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.Doubt;
import dev.stafette.delivery.tls.EngineContext;
import dev.stafette.delivery.tls.Handshake;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.OwnKeys;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.delivery.tls.Trust;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What the handshakes of a service have in common; makes the handler of each.
 * Thread: any.
 */
public final class ServerContext {
    static {
        // Else any client may have as many handshakes as it likes in one session. The JDK reads it with its first one
        // of any kind: jvm.options say it from the start, and this where they do not.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final EngineContext context;
    private final ServerTerms terms;
    private final TicketKeys tickets;

    /** Of several certificates an engine of BoringSSL does not say, or not truly, which it has shown. */
    private final boolean tellsCertificate;

    /** Asked for it then; null: there is no choice, or it cannot be asked. */
    private final @Nullable ChainChoice choice;

    /** Null: all clients are shown the same keys. */
    private final @Nullable ServerNames names;

    /** The generation of ticket keys that it has. */
    private final AtomicInteger ticketGeneration = new AtomicInteger();

    private ServerContext(
            EngineContext context,
            ServerTerms terms,
            TicketKeys tickets,
            boolean tellsCertificate,
            @Nullable ChainChoice choice,
            @Nullable ServerNames names) {
        this.context = context;
        this.terms = terms;
        this.tickets = tickets;
        this.tellsCertificate = tellsCertificate;
        this.choice = choice;
        this.names = names;
    }

    /** A {@link TlsException} says what the engine does not take. */
    static ServerContext of(TlsEngine engine, List<KeyChain> chains, ServerTerms terms, TicketKeys tickets) {
        List<OpenSslCredential> credentials = new ArrayList<>();
        boolean hasChoice = engine == TlsEngine.BORINGSSL && chains.size() > 1;
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            new OpenSslCachingX509KeyManagerFactory(new KeyManagerFactoryWrapper(new OwnKeys(chains))))
                    .sslProvider(engine.provider())
                    .protocols(terms.protocols().stream().map(TlsVersion::text).toList())
                    .ciphers(terms.ciphers().javaNames())
                    .trustManager(new AnyCertificate(terms.authorities().named()))
                    .clientAuth(terms.asksCertificate() ? ClientAuth.OPTIONAL : ClientAuth.NONE)
                    .sessionTimeout(terms.sessionTimeout().toSeconds());
            if (hasChoice) {
                // It chooses by what the client can do; a key manager is asked before that is known.
                for (KeyChain chain : chains) {
                    credentials.add(OpenSslCredentialBuilder.forX509(chain.key(), chain.certificateArray())
                            .build());
                }
                builder.addCredentials(credentials);
            }
            ChainChoice choice = hasChoice ? ChainChoice.of(chains, credentials) : null;
            return new ServerContext(new EngineContext(builder.build()), terms, tickets, !hasChoice, choice, null);
        } catch (SSLException | IllegalArgumentException | IllegalStateException e) {
            throw new TlsException("TLS cannot be set up: " + e.getMessage());
        } finally {
            credentials.forEach(OpenSslCredential::release);
        }
    }

    /** The same, for clients that do not ask for one of these names; it goes on with what this one has. */
    ServerContext with(ServerNames others) {
        return new ServerContext(context, terms, tickets, tellsCertificate, choice, others);
    }

    /** For tests. */
    EngineContext context() {
        return context;
    }

    /** For one handshake, which is the first in its pipeline; {@code nowNs} is for the keys of tickets. */
    public ChannelHandler begin(ByteBufAllocator allocator, long nowNs, Duration timeout, ServerHandshake handshake) {
        return names == null
                ? newHandler(allocator, nowNs, timeout, handshake, "")
                : new NameHandler(this, names, handshake, timeout, nowNs);
    }

    ChannelHandler newHandler(
            ByteBufAllocator allocator, long nowNs, Duration timeout, ServerHandshake handshake, String name) {
        SslHandler handler = newHandler(allocator, nowNs, timeout);
        ChoiceHandler watched = choice == null ? null : new ChoiceHandler(handler, choice);
        long beganMs = System.currentTimeMillis();
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                handshake.onEstablished(agreement(handler, beganMs, name, watched == null ? null : watched.chosen()));
            } else {
                handshake.onFailed(done.cause());
            }
        });
        return watched == null ? handler : watched;
    }

    private SslHandler newHandler(ByteBufAllocator allocator, long nowNs, Duration timeout) {
        OpenSslSessionContext sessions = context.sessions();
        if (sessions != null && terms.hasTickets()) {
            TicketKeys.Generation generation = tickets.at(nowNs, terms.sessionTimeout());
            if (ticketGeneration.getAndSet(generation.number()) != generation.number()) {
                sessions.setTicketKeys(generation.keys());
            }
        }
        SslHandler handler = context.newHandler(allocator);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setUseCipherSuitesOrder(terms.prefersOwnOrder());
        engine.setSSLParameters(parameters);
        handler.setHandshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private Agreement agreement(SslHandler handler, long beganMs, String name, @Nullable X509Certificate shown) {
        X509Certificate[] chain = Handshake.certificates(handler.engine().getSession());
        Doubt doubt = chain.length == 0 ? null : terms.authorities().doubtOfClient(chain);
        return new Agreement(
                Handshake.session(
                        handler.engine(),
                        beganMs,
                        terms.fingerprint(),
                        doubt == null ? Trust.TRUSTED : Trust.UNTRUSTED,
                        name),
                doubt,
                tellsCertificate,
                shown);
    }

    public ServerTerms terms() {
        return terms;
    }

    /**
     * A session, and why its client's certificate is not trusted.
     *
     * @param doubt null: it is, or there is none
     * @param tellsCertificate the engine says which certificate of ours it has shown
     * @param shown that one where it does not; null: it is not known, as that of a session that goes on
     */
    public record Agreement(
            TlsSession session,
            @Nullable Doubt doubt,
            boolean tellsCertificate,
            @Nullable X509Certificate shown) {}
}
