// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.route.HostTrust;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsReports;
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
    /** Of the host that is tried. */
    private TlsPolicy hostPolicy = TlsPolicy.NONE;

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
            hostPolicy = found;
            if (fault == null) {
                then.run();
            } else {
                otherwise.accept(OutcomePolicy.noTlsPolicy(fault));
            }
        });
    }

    /** What is demanded of one of its hosts. */
    void askOf(ClientLoop loop, Peer host, HostTrust trust, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        HostRules rules = policy.rules();
        if (rules == null) {
            then.run();
            return;
        }
        Consumer<TlsPolicy> use = found -> {
            String fault = found.fault();
            hostPolicy = found;
            if (fault == null) {
                then.run();
            } else {
                report(loop, host, found, fault);
                otherwise.accept(OutcomePolicy.noTlsPolicy(fault));
            }
        };
        DaneTerms dane = rules.dane();
        if (dane == null) {
            use.accept(rules.withoutRecords(host.host()));
        } else {
            new DaneLookup(loop.secureDns(), rules, dane, host, trust, loop.log()::onWarning, use).start();
        }
    }

    /** There will be no connection. */
    private static void report(ClientLoop loop, Peer host, TlsPolicy policy, String fault) {
        TlsReports reports = loop.tls().reports();
        ReportedPolicy reported = policy.reported();
        if (reports != null && reported != null) {
            reports.add(new TlsEvent(reported, host.host(), host.place(), "", policy.failure(), fault));
        }
    }

    /** For a connection to that server. */
    TlsPolicy of(SocketAddress server) {
        return server.equals(inClear) ? TlsPolicy.NONE : hostPolicy;
    }

    /** By which that one was found. */
    TlsPolicy ofNextHop(SocketAddress server) {
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
        return session.tlsPolicy().equals(hostPolicy) && session.mayServe(nextHop);
    }

    /** The same before a host is known: it was good enough for that next hop. */
    boolean suitsNextHop(SmtpSession session) {
        return session.nextHopPolicy().equals(policy) && session.mayServe(nextHop);
    }
}
