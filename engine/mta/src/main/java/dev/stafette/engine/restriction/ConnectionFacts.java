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
 * @param session the same for all messages of a session, and for those of no other
 * @param message distinguishes those of a session; null outside of one
 * @param login who the client is
 * @param tls null: the session is in the clear
 */
public record ConnectionFacts(
        String protocol,
        int clientPort,
        @Nullable InetSocketAddress server,
        String session,
        @Nullable Object message,
        LoginFacts login,
        @Nullable TlsSession tls) {
    public static final ConnectionFacts NONE = new ConnectionFacts("SMTP", 0, null, "", null, LoginFacts.NONE, null);

    /** The same for all commands of a message, and for no other message. */
    String instance() {
        return session + '.' + Integer.toHexString(System.identityHashCode(message));
    }

    /** The client's certificate; null: it has shown none. */
    @Nullable
    PeerCertificate certificate() {
        return tls == null ? null : tls.peer();
    }
}
