// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks web servers what concerns the TLS of mail: no redirects, and a limit on time for the whole of it.
 * Thread: any; the client's own threads do the work.
 */
public final class HttpsClient {
    private final Duration timeout;
    private final Executor workers;
    private final Supplier<SSLContext> trust;

    /** Made for the first request; whoever finds none sets it, and one too many does no harm. */
    private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();

    /** Believes whom the authorities of the JDK vouch for. */
    public HttpsClient(Duration timeout, Executor workers) {
        this(timeout, workers, HttpsClient::authorities);
    }

    public HttpsClient(Duration timeout, Executor workers, Supplier<SSLContext> trust) {
        this.timeout = timeout;
        this.workers = workers;
        this.trust = trust;
    }

    private static SSLContext authorities() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without TLS", e);
        }
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

    /** {@code end}: gets the response or the cause of there being none, the other is null; once, on any thread. */
    public <T> void send(
            HttpRequest.Builder request,
            BodyHandler<T> body,
            BiConsumer<@Nullable HttpResponse<T>, @Nullable Throwable> end) {
        CompletableFuture<HttpResponse<T>> response =
                client().sendAsync(request.timeout(timeout).build(), body);
        // The client's own limit ends with the headers; what is cancelled is closed.
        response.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, cause) -> {
            if (cause != null) {
                response.cancel(true);
            }
            end.accept(done, cause);
        });
    }
}
