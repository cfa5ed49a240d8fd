// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.tls.HttpsSite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reports over HTTPS on loopback (RFC 8460 §5.4). */
class ReportPostIT {
    private static final byte[] PACKED = {31, -117, 8, 1, 2, 3};

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    /** Answers with the status that the path is; to {@code later} with 503 the first time. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        heads.add(exchange.getRequestMethod()
                + ' '
                + exchange.getRequestHeaders().getFirst("Content-Type")
                + ' '
                + exchange.getRequestHeaders().getFirst("Content-Encoding"));
        bodies.add(exchange.getRequestBody().readAllBytes());
        if (path.equals("silent")) {
            return;
        }
        exchange.getResponseHeaders().add("Location", "/200");
        int status = path.equals("later") ? heads.size() == 1 ? 503 : 200 : Integer.parseInt(path);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private ReportPost post(int seconds) {
        return new ReportPost(new HttpsClient(Duration.ofSeconds(seconds), workers, HttpsSite::trust));
    }

    /** Empty: it has arrived. */
    private static String send(ReportPost post, URI place) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        post.send(place.toString(), PACKED, failure -> heard.complete(failure == null ? "" : failure));
        return heard.get(60, TimeUnit.SECONDS);
    }

    @Test
    void arriveWhereTheServerTakesThem() throws Exception {
        ReportPost post = post(60);
        try (HttpsSite site = new HttpsSite("server", workers, this::answer)) {
            for (int status : new int[] {200, 201, 204}) {
                assertEquals("", send(post, site.at(Integer.toString(status))));
            }
            for (int status : new int[] {302, 400, 404, 500, 503}) {
                assertEquals("HTTP status " + status, send(post, site.at(Integer.toString(status))));
            }
        }
        // Each once, and nobody is sent elsewhere.
        assertEquals(Collections.nCopies(8, "POST application/tlsrpt+gzip null"), heads);
        bodies.forEach(body -> assertArrayEquals(PACKED, body));
    }

    @Test
    void goToNobodyElse() throws Exception {
        try (HttpsSite site = new HttpsSite("stranger", workers, this::answer)) {
            String heard = send(post(60), site.at("200"));
            assertTrue(heard.contains("SSLHandshakeException"), heard);
        }
        try (HttpsSite site = new HttpsSite("client", workers, this::answer)) {
            String heard = send(post(60), site.at("200"));
            assertTrue(heard.contains("SSLHandshakeException"), heard);
        }
        assertEquals(List.of(), heads);
        assertEquals("no address of a server", send(post(60), URI.create("https:x")));
    }

    @Test
    void waitNoLongerThanTheyMay() throws Exception {
        try (HttpsSite site = new HttpsSite("server", workers, this::answer)) {
            String heard = send(post(1), site.at("silent"));
            assertTrue(heard.contains("Timeout") || heard.contains("timed out"), heard);
        }
    }

    /** RFC 8460 §5.5: what could not be delivered is tried again later. */
    @Test
    void areSentAgainUntilTheyHaveArrived() throws Exception {
        List<String> notices = new CopyOnWriteArrayList<>();
        ReportSettings settings = ReportSettings.of(FakeHost.settings("myhostname = mx.a.test"));
        Tallies tallies = new Tallies(10);
        tallies.add(
                new TlsEvent(ReportedPolicy.none("b.test"), "mx.b.test", "192.0.2.25", "192.0.2.1", null, ""), 1_000);
        DomainTally tally = tallies.of(0, "b.test");
        try (HttpsSite site = new HttpsSite("server", workers, this::answer)) {
            FakeZone zone = new FakeZone().text("_smtp._tls.b.test", "v=TLSRPTv1; rua=" + site.at("later"));
            ReportSender sender = new ReportSender(zone, post(60), workers, () -> 0, notices::add);
            for (boolean isDone : new boolean[] {false, true}) {
                CompletableFuture<Boolean> heard = new CompletableFuture<>();
                sender.send(new DayReport(settings, "b.test", 0, tally), heard::complete);
                assertEquals(isDone, heard.get(60, TimeUnit.SECONDS));
            }
        }
        assertTrue(notices.get(0).endsWith("not sent (HTTP status 503)"), notices::toString);
        assertFalse(notices.get(1).contains("not sent"), notices::toString);
        byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(bodies.get(1))).readAllBytes();
        String json = new String(unpacked, StandardCharsets.UTF_8);
        assertTrue(json.startsWith("{") && json.contains("\"total-successful-session-count\""), json);
    }
}
