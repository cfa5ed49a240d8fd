// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends reports over HTTPS (RFC 8460 §5.4): no redirects, a limit on time for the whole of it, and what the server answers is
 * read by nobody.
 * Thread: any; the client's own threads do the work.
 */
final class ReportPost {
    private final Duration timeout;
    private final Executor workers;
    private final Supplier<SSLContext> trust;

    /** Made for the first report; whoever finds none sets it, and one too many does no harm. */
    private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();

    ReportPost(Duration timeout, Executor workers, Supplier<SSLContext> trust) {
        this.timeout = timeout;
        this.workers = workers;
        this.trust = trust;
    }

    private HttpClient client() {
        HttpClient made = client.get();
        if (made == null) {
            made = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(timeout)
                    .executor(workers)
                    .sslContext(trust.get())
                    .build();
            client.set(made);
        }
        return made;
    }

    /** {@code then}: hears why it has not arrived, or null; once, on any thread. */
    void send(String place, byte[] packed, Consumer<@Nullable String> then) {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(place))
                    .timeout(timeout)
                    .header("Content-Type", "application/tlsrpt+gzip")
                    .POST(BodyPublishers.ofByteArray(packed))
                    .build();
        } catch (IllegalArgumentException e) {
            then.accept("no address of a server");
            return;
        }
        CompletableFuture<Integer> status =
                client().sendAsync(request, BodyHandlers.discarding()).thenApply(response -> response.statusCode());
        status.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((code, cause) -> {
            if (cause != null) {
                status.cancel(true);
                then.accept(cause.toString().replaceAll("[^ -~]", "?"));
            } else {
                then.accept(code / 100 == 2 ? null : "HTTP status " + code);
            }
        });
    }
}
