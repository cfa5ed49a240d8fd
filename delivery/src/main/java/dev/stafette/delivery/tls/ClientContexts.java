// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * Makes the handlers of a client's handshakes. Policies with the same lists share a context, and with it the sessions that
 * may be resumed, which are kept in memory.
 * Thread: any.
 */
public final class ClientContexts {
    private record Key(Set<TlsVersion> protocols, CipherList ciphers) {}

    private final TlsEngine engine;
    private final List<KeyChain> own;
    private final Duration sessionTimeout;
    private final Map<Key, EngineContext> contexts = new ConcurrentHashMap<>();

    /** @param own the client's certificates; of those that a server can read, the first */
    public ClientContexts(TlsEngine engine, List<KeyChain> own, Duration sessionTimeout) {
        this.engine = engine;
        this.own = List.copyOf(own);
        this.sessionTimeout = sessionTimeout;
    }

    /** A {@link TlsException} says what the engine does not take. {@code serverName}: sent to the server; empty: none. */
    public SslHandler newHandler(
            TlsPolicy policy, ByteBufAllocator allocator, String address, int port, String serverName) {
        EngineContext context = context(policy);
        // By its address the server's sessions are found again; it is none that could be taken for a server's name.
        SslHandler handler = context.newHandler(allocator, address, port);
        if (!serverName.isEmpty()) {
            SSLEngine sslEngine = handler.engine();
            SSLParameters parameters = sslEngine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            sslEngine.setSSLParameters(parameters);
        }
        return handler;
    }

    EngineContext context(TlsPolicy policy) {
        return contexts.computeIfAbsent(new Key(policy.protocols(), policy.ciphers()), this::newContext);
    }

    private EngineContext newContext(Key key) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(engine.provider())
                    .protocols(key.protocols().stream()
                            .sorted()
                            .map(TlsVersion::text)
                            .toList())
                    .ciphers(key.ciphers().javaNames())
                    .trustManager(new AnyCertificate(List.of()))
                    // Who the server is, is asked when the handshake is over.
                    .endpointIdentificationAlgorithm(null)
                    .sessionTimeout(sessionTimeout.toSeconds());
            if (!own.isEmpty()) {
                KeyManagerFactory keys = new KeyManagerFactoryWrapper(new OwnKeys(own));
                builder.keyManager(
                        engine == TlsEngine.BORINGSSL ? new OpenSslCachingX509KeyManagerFactory(keys) : keys);
            }
            return new EngineContext(builder.build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("TLS cannot be set up: " + e.getMessage());
        }
    }
}
