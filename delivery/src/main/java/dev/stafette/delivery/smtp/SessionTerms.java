// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.tls.TlsPolicy;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What was demanded of TLS when a connection was made: what it may carry depends on that.
 * Thread: any (a value).
 *
 * @param policy of the host; {@code nextHopPolicy}: by which that was found
 * @param requirement of the message with REQUIRETLS that it was made for; null: of another
 */
record SessionTerms(
        TlsPolicy policy, TlsPolicy nextHopPolicy, @Nullable RequireTls requirement) {
    static SessionTerms of(AttemptTls tls, SocketAddress server) {
        return new SessionTerms(tls.of(server), tls.ofNextHop(server), tls.requirement());
    }
}
