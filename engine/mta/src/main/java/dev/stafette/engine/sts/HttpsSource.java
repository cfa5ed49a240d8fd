// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.TlsFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Fetches policies from {@code mta-sts.DOMAIN} (RFC 8461 §3.3): whom the authorities of the JDK vouch for, no redirects, a
 * limit on bytes, and one on time for the whole of it.
 * Thread: any; the client's own threads do the work.
 */
final class HttpsSource implements StsSource {
    /** RFC 8461 §3.3. */
    static final int POLICY_BYTES_MAX = 64 * 1024;

    private static final int OK = 200;

    private final HttpsClient client;
    private final Function<String, URI> location;

    HttpsSource(HttpsClient client) {
        this(client, domain -> URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt"));
    }

    HttpsSource(HttpsClient client, Function<String, URI> location) {
        this.client = client;
        this.location = location;
    }

    @Override
    public void fetch(String domain, Consumer<String> text, BiConsumer<TlsFailure, String> failure) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(location.apply(domain));
        } catch (IllegalArgumentException e) {
            failure.accept(TlsFailure.STS_POLICY_FETCH_ERROR, "no domain that a host can have");
            return;
        }
        client.send(request, HttpsSource::body, (done, cause) -> {
            if (done == null) {
                Throwable why = Objects.requireNonNull(cause);
                failure.accept(kind(why), reason(why));
            } else if (done.statusCode() != OK) {
                failure.accept(TlsFailure.STS_POLICY_FETCH_ERROR, "HTTP status " + done.statusCode());
            } else {
                text.accept(done.body());
            }
        });
    }

    private static TlsFailure kind(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return TlsFailure.STS_WEBPKI_INVALID;
            }
        }
        return TlsFailure.STS_POLICY_FETCH_ERROR;
    }

    private static String reason(Throwable cause) {
        Throwable inner = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        // Up to the headers the client of the JDK has a limit of its own, as long as that for the whole.
        if (inner instanceof TimeoutException || inner instanceof HttpTimeoutException) {
            return "timed out";
        }
        // It has no words of its own.
        return inner instanceof ConnectException && inner.getMessage() == null
                ? "cannot connect"
                : inner.toString().replaceAll("[^ -~]", "?");
    }

    /** What an error page says is of no interest, and a policy is text (RFC 8461 §3.2). */
    private static BodySubscriber<String> body(HttpResponse.ResponseInfo info) {
        String type = info.headers().firstValue("Content-Type").orElse("");
        boolean isText = type.toLowerCase(Locale.ROOT).startsWith("text/plain");
        return new LimitedText(info.statusCode() == OK, isText);
    }

    /** Takes in no more than a policy may have. */
    private static final class LimitedText implements BodySubscriber<String> {
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final boolean isWanted;
        private final boolean isText;
        private Flow.Subscription subscription = NOTHING;

        private static final Flow.Subscription NOTHING = new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        };

        LimitedText(boolean isWanted, boolean isText) {
            this.isWanted = isWanted;
            this.isText = isText;
        }

        @Override
        public CompletionStage<String> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscribed) {
            subscription = subscribed;
            if (!isWanted) {
                subscribed.cancel();
                whole.complete("");
            } else if (!isText) {
                subscribed.cancel();
                whole.completeExceptionally(new IOException("it is no text/plain"));
            } else {
                subscribed.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] next = new byte[buffer.remaining()];
                buffer.get(next);
                if (bytes.size() + next.length > POLICY_BYTES_MAX) {
                    subscription.cancel();
                    whole.completeExceptionally(new IOException("more than " + POLICY_BYTES_MAX + " bytes"));
                    return;
                }
                bytes.writeBytes(next);
            }
        }

        @Override
        public void onError(Throwable cause) {
            whole.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
