// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.tls.TlsPolicy;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt demands of TLS at its present next hop, and where it has found that there is none to be had.
 * Thread: event loop.
 */
final class AttemptTls {
    private final String nextHop;

    // Owned by the attempt.
    private TlsPolicy policy = TlsPolicy.NONE;
    private @Nullable SocketAddress inClear;

    /** {@code nextHop}: of the request. */
    AttemptTls(String nextHop) {
        this.nextHop = nextHop;
    }

    TlsPolicy policy() {
        return policy;
    }

    /** What is demanded of that next hop's servers; without an answer nothing can be sent. */
    void ask(ClientLoop loop, String nextHop, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        loop.tls().policies().find(loop.executor(), nextHop, found -> {
            String fault = found.fault();
            policy = found;
            if (fault == null) {
                then.run();
            } else {
                otherwise.accept(OutcomePolicy.noTlsPolicy(fault));
            }
        });
    }

    /** For a connection to that server. */
    TlsPolicy of(SocketAddress server) {
        return server.equals(inClear) ? TlsPolicy.NONE : policy;
    }

    /** A handshake has failed there, and TLS is no must. */
    void giveUp(SocketAddress server) {
        inClear = server;
    }

    /** It is to be tried once more, without TLS. */
    boolean isToBeTriedInClear(SocketAddress server) {
        return server.equals(inClear);
    }

    /**
     * Whether mail may go over a connection that is open: one in the clear is as good as the policy lets it be, and one that
     * has logged in may be somebody else's.
     */
    boolean suits(SmtpSession session) {
        return session.tlsPolicy().equals(policy) && session.mayServe(nextHop);
    }
}
