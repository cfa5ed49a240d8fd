// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.engine.tls.HttpsSite;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies over HTTPS on loopback, good ones and others. */
class HttpsSourceIT {
    private static final int HUGE_PARTS = 10;

    private volatile boolean isAllSent;
    private final ExecutorService workers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
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
        if (what.equals("huge")) {
            for (int i = 0; i < HUGE_PARTS; i++) {
                exchange.getResponseBody().write(new byte[1 << 20]);
            }
            isAllSent = true;
        }
        if (!what.equals("slow")) {
            exchange.close();
        } else {
            exchange.getResponseBody().flush();
        }
    }

    private String fetch(HttpsSite site, String what) throws Exception {
        HttpsSource client = new HttpsSource(
                new HttpsClient(Duration.ofSeconds(what.equals("slow") ? 1 : 60), workers, HttpsSite::trust), site::at);
        CompletableFuture<String> heard = new CompletableFuture<>();
        client.fetch(what, text -> heard.complete("got " + text), (kind, why) -> heard.complete(why));
        return heard.get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "good,  got version: STSv1",
        "moved, HTTP status 302",
        "gone,  HTTP status 404",
        "slow,  timed out",
        "html,  java.io.IOException: it is no text/plain",
        "huge,  java.io.IOException: more than 65536 bytes",
        "large, java.io.IOException: more than 65536 bytes"
    })
    void takesWhatIsAPolicyAndNothingElse(String what, String heard) throws Exception {
        try (HttpsSite site = new HttpsSite("server", workers, this::answer)) {
            assertEquals(heard, fetch(site, what).strip());
        }
        // Of what is too much no more is read.
        assertTrue(!what.equals("huge") || !isAllSent, "10 MB");
    }

    @Test
    void takesNothingFromAStranger() throws Exception {
        // Unknown, or of another name.
        for (String certificate : new String[] {"stranger", "client", "expired"}) {
            try (HttpsSite site = new HttpsSite(certificate, workers, this::answer)) {
                String heard = fetch(site, "good");
                assertTrue(heard.startsWith("javax.net.ssl.SSLHandshakeException"), heard);
            }
        }
    }
}
