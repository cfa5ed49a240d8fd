// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies over HTTPS on loopback, good ones and others. */
class HttpsSourceIT {
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private com.sun.net.httpserver.HttpsServer site;

    @AfterEach
    void stop() {
        site.stop(0);
        workers.shutdownNow();
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        KeyChain chain = KeyChain.read(TestCertificates.FILES, name + ".pem", name + ".key");
        store.setKeyEntry("key", chain.key(), new char[0], chain.certificateArray());
        return store;
    }

    private void serve(String certificate) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store(certificate), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        site = com.sun.net.httpserver.HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.setHttpsConfigurator(new HttpsConfigurator(context));
        site.setExecutor(workers);
        site.createContext("/", HttpsSourceIT::answer);
        site.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestURI().getPath().substring(1);
        byte[] body =
                (what.equals("large") ? "x".repeat(HttpsSource.POLICY_BYTES_MAX + 1) : "version: STSv1\n").getBytes();
        exchange.getResponseHeaders()
                .add("Content-Type", what.equals("html") ? "text/html" : "text/plain; charset=utf-8");
        exchange.getResponseHeaders().add("Location", "/good");
        int status = what.equals("moved") ? 302 : what.equals("gone") ? 404 : 200;
        // Chunks: without a length.
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(body);
        if (!what.equals("slow")) {
            exchange.close();
        } else {
            exchange.getResponseBody().flush();
        }
    }

    private String fetch(String what) throws Exception {
        SSLContext trust = SSLContext.getInstance("TLS");
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry(
                "ca", TestCertificates.FILES.certificates("ca.pem").get(0));
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(authorities);
        trust.init(null, managers.getTrustManagers(), null);
        HttpsSource client = new HttpsSource(
                new HttpsClient(Duration.ofSeconds(what.equals("slow") ? 1 : 20), workers, () -> trust),
                domain -> URI.create("https://127.0.0.1:" + site.getAddress().getPort() + "/" + domain));
        CompletableFuture<String> heard = new CompletableFuture<>();
        client.fetch(what, text -> heard.complete("got " + text), (kind, why) -> heard.complete(why));
        return heard.get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "good,  got version: STSv1",
        "moved, HTTP status 302",
        "gone,  HTTP status 404",
        "slow,  timed out",
        "html,  java.io.IOException: it is no text/plain",
        "large, java.io.IOException: more than 65536 bytes"
    })
    void takesWhatIsAPolicyAndNothingElse(String what, String heard) throws Exception {
        serve("server");
        assertEquals(heard, fetch(what).strip());
    }

    @Test
    void takesNothingFromAStranger() throws Exception {
        serve("stranger");
        String heard = fetch("good");
        assertTrue(heard.startsWith("javax.net.ssl.SSLHandshakeException"), heard);
    }
}
