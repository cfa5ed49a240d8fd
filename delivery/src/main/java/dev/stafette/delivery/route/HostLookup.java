// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Finds the addresses of one host by the means that are configured.
 * Thread: event loop; what blocks runs on a worker and answers here.
 */
final class HostLookup {
    /**
     * The addresses of the enabled families, or why there are none; {@code type} is the one asked for last.
     *
     * @param name where they stand, aliases followed; empty: not known
     * @param isSecure DNSSEC vouches for them
     */
    record Found(Outcome outcome, List<InetAddress> addresses, String type, String name, boolean isSecure) {
        /** Of the system, which vouches for nothing. */
        Found(Outcome outcome, List<InetAddress> addresses, String type) {
            this(outcome, addresses, type, "", false);
        }

        static Found of(DnsAnswer<InetAddress> answer, String type) {
            return new Found(answer.outcome(), answer.records(), type, answer.name(), answer.authentic());
        }

        /** {@code isNameSecure}: it is this host that mail goes to. */
        HostTrust trust(boolean isNameSecure) {
            return new HostTrust(isNameSecure, isSecure, name);
        }
    }

    private final RouteSettings settings;
    private final Dns dns;
    private final Executor loop;
    private final Executor workers;

    HostLookup(RouteSettings settings, Dns dns, Executor loop, Executor workers) {
        this.settings = settings;
        this.dns = dns;
        this.loop = loop;
        this.workers = workers;
    }

    void find(String host, Consumer<Found> then) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            // RFC 6761 §6.3: never a question for a name server.
            then.accept(found(List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6), Outcome.NO_DATA));
        } else if (!settings.dnsLookups()) {
            askSystem(host, then);
        } else {
            askDns(host, answer -> {
                // A failure may be somebody's work, where answers are vouched for.
                boolean mayAskElsewhere = !settings.dnssec() || answer.outcome != Outcome.TRY_AGAIN;
                if (settings.nativeLookups() && answer.outcome != Outcome.FOUND && mayAskElsewhere) {
                    askSystem(host, then);
                } else {
                    then.accept(answer);
                }
            });
        }
    }

    /** The type of record that is asked for last. */
    String lastType() {
        return settings.protocols() == RouteSettings.InetProtocols.IPV4 ? "A" : "AAAA";
    }

    private void askDns(String host, Consumer<Found> then) {
        switch (settings.protocols()) {
            case IPV4:
                dns.ask(host, DnsType.A, a -> then.accept(Found.of(a, "A")));
                break;
            case IPV6:
                dns.ask(host, DnsType.AAAA, a -> then.accept(Found.of(a, "AAAA")));
                break;
            default:
                askBoth(host, then);
                break;
        }
    }

    /** Both families at once: what one has makes up for what the other has not. */
    private void askBoth(String host, Consumer<Found> then) {
        List<DnsAnswer<InetAddress>> answers = new ArrayList<>(2);
        Consumer<DnsAnswer<InetAddress>> join = answer -> {
            answers.add(answer);
            if (answers.size() == 2) {
                then.accept(merge(answers.get(0), answers.get(1)));
            }
        };
        dns.ask(host, DnsType.A, join);
        dns.ask(host, DnsType.AAAA, join);
    }

    private static Found merge(DnsAnswer<InetAddress> one, DnsAnswer<InetAddress> other) {
        List<InetAddress> addresses = new ArrayList<>(one.records());
        addresses.addAll(other.records());
        Outcome outcome = !addresses.isEmpty()
                ? Outcome.FOUND
                : one.outcome() == Outcome.TRY_AGAIN || other.outcome() == Outcome.TRY_AGAIN
                        ? Outcome.TRY_AGAIN
                        : one.outcome() == Outcome.NO_SUCH_NAME ? Outcome.NO_SUCH_NAME : other.outcome();
        boolean isSecure =
                (one.records().isEmpty() || one.authentic()) && (other.records().isEmpty() || other.authentic());
        return new Found(outcome, addresses, "AAAA", one.records().isEmpty() ? other.name() : one.name(), isSecure);
    }

    private void askSystem(String host, Consumer<Found> then) {
        workers.execute(() -> {
            Found answer;
            try {
                answer = found(List.of(InetAddress.getAllByName(host)), Outcome.NO_DATA);
            } catch (UnknownHostException unknown) {
                // The system does not say whether it is for good.
                answer = new Found(Outcome.NO_SUCH_NAME, List.of(), "A");
            }
            Found result = answer;
            loop.execute(() -> then.accept(result));
        });
    }

    private Found found(List<InetAddress> all, Outcome otherwise) {
        List<InetAddress> usable = all.stream().filter(this::isEnabled).toList();
        return new Found(usable.isEmpty() ? otherwise : Outcome.FOUND, usable, "A");
    }

    boolean isEnabled(InetAddress address) {
        return settings.protocols() == InetProtocols.ALL
                || (settings.protocols() == InetProtocols.IPV4) == (address instanceof Inet4Address);
    }
}
