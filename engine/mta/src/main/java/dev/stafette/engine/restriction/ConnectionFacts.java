// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.TlsSession;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection itself; policy servers are told.
 * Thread: any (a value).
 *
 * @param protocol {@code SMTP} or {@code ESMTP}
 * @param server our end of it; null: unknown
 * @param instance the same for all commands of a message, and for no other message
 * @param login who the client is
 * @param tls null: the session is in the clear
 */
public record ConnectionFacts(
        String protocol,
        int clientPort,
        @Nullable InetSocketAddress server,
        String instance,
        LoginFacts login,
        @Nullable TlsSession tls) {
    public static final ConnectionFacts NONE = new ConnectionFacts("SMTP", 0, null, "", LoginFacts.NONE, null);

    /** The client's certificate; null: it has shown none. */
    @Nullable
    PeerCertificate certificate() {
        return tls == null ? null : tls.peer();
    }
}
