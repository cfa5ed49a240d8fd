// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.route.HostTrust;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicies;
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
    private final TlsDemand demand;

    // Owned by the attempt.
    private TlsPolicy policy = TlsPolicy.NONE;
    private String hop = "";

    /** Of the host that is tried. */
    private TlsPolicy hostPolicy = TlsPolicy.NONE;

    private @Nullable SocketAddress inClear;

    /** What the next hop's servers must have for a message with REQUIRETLS; null: for another, or not asked for yet. */
    private @Nullable RequireTls requirement;

    AttemptTls(DeliveryRequest request) {
        this.nextHop = request.nextHop();
        this.demand = request.envelope().tls();
    }

    TlsPolicy policy() {
        return policy;
    }

    /** What is demanded of that next hop's servers; without an answer nothing can be sent. */
    void ask(ClientLoop loop, String nextHop, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        hop = nextHop;
        loop.tls().policies().find(loop.executor(), nextHop, found -> {
            String fault = found.fault();
            policy = unlessWaived(loop, found);
            hostPolicy = policy;
            if (fault != null) {
                otherwise.accept(OutcomePolicy.noTlsPolicy(fault));
            } else if (demand == TlsDemand.REQUIRED) {
                askForRequirement(loop, nextHop, then, otherwise);
            } else {
                then.run();
            }
        });
    }

    private TlsPolicy unlessWaived(ClientLoop loop, TlsPolicy found) {
        boolean isWaived =
                demand == TlsDemand.WAIVED && loop.settings().habits().heedsWaivers();
        return isWaived ? found.waived() : found;
    }

    private void askForRequirement(
            ClientLoop loop, String nextHop, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        loop.settings().habits().requireTls().find(loop.executor(), nextHop, found -> {
            requirement = found;
            if (found == null) {
                otherwise.accept(OutcomePolicy.noRequireTlsPolicy(nextHop));
                return;
            }
            policy = found.isStrict() ? policy.encrypted() : policy;
            hostPolicy = policy;
            then.run();
        });
    }

    /** What is demanded of one of its hosts. */
    void askOf(ClientLoop loop, Peer host, HostTrust trust, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        TlsPolicies policies = loop.tls().policies();
        if (!policies.areByHost()) {
            askRules(policy.rules(), loop, host, trust, then, otherwise);
            return;
        }
        policies.findOfHost(loop.executor(), hop, host.host(), found -> {
            String fault = found.fault();
            if (fault == null) {
                TlsPolicy demanded = unlessWaived(loop, found);
                hostPolicy = isStrict() ? demanded.encrypted() : demanded;
                askRules(hostPolicy.rules(), loop, host, trust, then, otherwise);
            } else {
                otherwise.accept(OutcomePolicy.noTlsPolicy(fault));
            }
        });
    }

    /** {@code rules}: by which a host is judged; null: it is as the policy has it. */
    private void askRules(
            @Nullable HostRules rules,
            ClientLoop loop,
            Peer host,
            HostTrust trust,
            Runnable then,
            Consumer<DeliveryOutcome> otherwise) {
        if (rules == null) {
            judge(host, trust, then, otherwise);
            return;
        }
        Consumer<TlsPolicy> use = found -> {
            String fault = found.fault();
            hostPolicy = isStrict() ? found.encrypted() : found;
            if (fault == null) {
                judge(host, trust, then, otherwise);
                return;
            }
            report(loop, host, found, fault);
            DeliveryOutcome why = OutcomePolicy.noTlsPolicy(fault);
            // An answer that is kept from us may come later.
            otherwise.accept(found.failure() == TlsFailure.DNSSEC_INVALID ? why : noTls(why));
        };
        DaneTerms dane = rules.dane();
        if (dane == null) {
            use.accept(rules.withoutRecords(host.host()));
        } else {
            new DaneLookup(loop.secureDns(), rules, dane, host, trust, loop.log()::onWarning, use).start();
        }
    }

    private void judge(Peer host, HostTrust trust, Runnable then, Consumer<DeliveryOutcome> otherwise) {
        if (isEnough(trust)) {
            then.run();
        } else {
            otherwise.accept(OutcomePolicy.unproven(host));
        }
    }

    /** RFC 8689 §2: its name is vouched for by DNSSEC, MTA-STS or who runs this, and its certificate has to prove it. */
    private boolean isEnough(HostTrust trust) {
        if (requirement == RequireTls.ENFORCE) {
            return hostPolicy.level().mustMatch() && (hostPolicy.level() != TlsLevel.DANE || trust.isNameSecure());
        }
        return !isStrict() || hostPolicy.level().isRequired();
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

    @Nullable
    RequireTls requirement() {
        return requirement;
    }

    private boolean isStrict() {
        return requirement != null && requirement.isStrict();
    }

    /** There is no TLS with a server, or not with the right one: for a message that must have it, that is all there is to say. */
    DeliveryOutcome noTls(DeliveryOutcome why) {
        return isStrict() ? OutcomePolicy.encryptionNeeded(why) : why;
    }

    /** Goes over the connection of one before it to the same next hop; false: what is good enough for that one may not be here. */
    boolean follow(AttemptTls before) {
        requirement = before.requirement;
        return demand == before.demand;
    }

    /**
     * Whether mail may go over a connection that is open: one in the clear is as good as the policy lets it be, and one that
     * has logged in may be somebody else's.
     */
    boolean suits(SmtpSession session) {
        return session.terms().policy().equals(hostPolicy) && session.mayServe(nextHop) && hasWhatIsRequired(session);
    }

    /** The same before a host is known: it was good enough for that next hop. */
    boolean suitsNextHop(SmtpSession session) {
        return session.terms().nextHopPolicy().equals(policy)
                && session.mayServe(nextHop)
                && hasWhatIsRequired(session);
    }

    /** Only one that was made for such a message is known to be good enough. */
    private boolean hasWhatIsRequired(SmtpSession session) {
        return !isStrict() || session.terms().requirement() == requirement;
    }
}
