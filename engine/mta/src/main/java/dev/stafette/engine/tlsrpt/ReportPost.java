// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.tls.HttpsClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends reports over HTTPS (RFC 8460 §5.4): no redirects, a limit on time for the whole of it, and what the server answers is
 * read by nobody.
 * Thread: any; the client's own threads do the work.
 */
final class ReportPost {
    private final HttpsClient client;

    ReportPost(HttpsClient client) {
        this.client = client;
    }

    /** {@code then}: hears why it has not arrived, or null; once, on any thread. */
    void send(String place, byte[] packed, Consumer<@Nullable String> then) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(place))
                    .header("Content-Type", "application/tlsrpt+gzip")
                    .POST(BodyPublishers.ofByteArray(packed));
        } catch (IllegalArgumentException e) {
            then.accept("no address of a server");
            return;
        }
        client.send(request, BodyHandlers.discarding(), (done, cause) -> {
            if (done == null) {
                then.accept(String.valueOf(cause).replaceAll("[^ -~]", "?"));
            } else {
                then.accept(done.statusCode() / 100 == 2 ? null : "HTTP status " + done.statusCode());
            }
        });
    }
}
