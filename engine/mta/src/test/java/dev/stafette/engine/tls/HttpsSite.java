// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A web server on loopback, with a certificate of the tests. */
public final class HttpsSite implements AutoCloseable {
    private final HttpsServer server;

    public HttpsSite(String certificate, Executor workers, HttpHandler answer)
            throws IOException, GeneralSecurityException {
        KeyChain chain = KeyChain.read(TestCertificates.FILES, certificate + ".pem", certificate + ".key");
        KeyStore store = empty();
        store.setKeyEntry("key", chain.key(), new char[0], chain.certificateArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(workers);
        server.createContext("/", answer);
        server.start();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Of one who trusts the authority of the tests. */
    public static SSLContext trust() {
        try {
            KeyStore authorities = empty();
            authorities.setCertificateEntry(
                    "ca", TestCertificates.FILES.certificates("ca.pem").get(0));
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code path}: behind the first slash. */
    public URI at(String path) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + '/' + path);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
