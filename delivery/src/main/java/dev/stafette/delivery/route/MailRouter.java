// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.delivery.dns.MxRecord;
import dev.stafette.delivery.route.HostLookup.Found;
import dev.stafette.delivery.route.RouteAnswer.Hosts;
import dev.stafette.delivery.route.RouteAnswer.NoRoute;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns next hops into the addresses to try, in order (RFC 5321 §5.1, RFC 7505).
 * Thread: event loop.
 */
public final class MailRouter {
    /** Of a domain's MX records, the best so many are looked at: each costs two more questions. */
    private static final int EXCHANGES_MAX = 20;

    private static final EnhancedStatus NULL_MX = EnhancedStatus.of(5, 1, 10);
    private static final EnhancedStatus UNKNOWN_HOST = EnhancedStatus.of(5, 4, 4);
    private static final EnhancedStatus UNKNOWN_HOST_FOR_NOW = EnhancedStatus.of(4, 4, 4);
    private static final EnhancedStatus NAME_SERVER_FAILURE = EnhancedStatus.of(4, 4, 3);
    private static final EnhancedStatus LOOP = EnhancedStatus.of(5, 4, 6);
    private static final EnhancedStatus NO_FAMILY = EnhancedStatus.of(4, 4, 4);

    private final RouteSettings settings;
    private final Dns dns;
    private final HostLookup hosts;
    private final AddressOrder order;

    /**
     * @param loop the one whose questions {@code dns} asks
     * @param workers for look-ups that block
     */
    public MailRouter(RouteSettings settings, Dns dns, Executor loop, Executor workers, Random random) {
        this.settings = settings;
        this.dns = settings.filter() == null ? dns : new FilteredDns(dns, settings.filter());
        this.hosts = new HostLookup(settings, this.dns, loop, workers);
        this.order = new AddressOrder(settings, random);
    }

    /**
     * The answer comes on this loop, at once where nothing has to be asked.
     *
     * @param detectLoops addresses of our own are not to be tried: the port is that of SMTP
     */
    public void route(NextHop hop, boolean detectLoops, Consumer<RouteAnswer> then) {
        InetAddress literal = hop.literal();
        if (literal != null) {
            List<MailHost> one = hosts.isEnabled(literal) ? List.of(new MailHost(hop.host(), literal, 0)) : List.of();
            then.accept(
                    one.isEmpty()
                            ? new NoRoute(NO_FAMILY, "address family of " + hop.host() + " is disabled", false)
                            : arrange(hop, one, hop.host(), detectLoops, false));
        } else if (!hop.mx() || !settings.dnsLookups()) {
            routeByHost(hop, detectLoops, then);
        } else {
            dns.ask(hop.host(), DnsType.MX, answer -> onMx(hop, detectLoops, answer, then));
        }
    }

    private void onMx(NextHop hop, boolean detectLoops, DnsAnswer<MxRecord> answer, Consumer<RouteAnswer> then) {
        switch (answer.outcome()) {
            case FOUND:
                new ExchangeRound(hop, detectLoops, answer.authentic(), then).start(answer.records());
                break;
            case NO_DATA:
                routeByHost(hop, detectLoops, then);
                break;
            case NO_SUCH_NAME:
                if (settings.nativeLookups()) {
                    routeByHost(hop, detectLoops, then);
                } else {
                    // Postfix asks for its addresses, too, and says so; there are none.
                    then.accept(notFound(hop.host(), hosts.lastType(), Outcome.NO_SUCH_NAME));
                }
                break;
            default:
                if (settings.ignoreMxLookupError()) {
                    routeByHost(hop, detectLoops, then);
                } else {
                    then.accept(notFound(hop.host(), "MX", Outcome.TRY_AGAIN));
                }
                break;
        }
    }

    /** The host itself, as if it were its own MX of preference 0. */
    private void routeByHost(NextHop hop, boolean detectLoops, Consumer<RouteAnswer> then) {
        hosts.find(hop.host(), found -> {
            if (found.outcome() != Outcome.FOUND) {
                then.accept(notFound(hop.host(), found.type(), found.outcome()));
                return;
            }
            List<MailHost> all = new ArrayList<>(found.addresses().size());
            found.addresses().forEach(address -> all.add(new MailHost(hop.host(), address, 0, found.trust(true))));
            then.accept(arrange(hop, all, hop.host(), detectLoops, false));
        });
    }

    private RouteAnswer arrange(NextHop hop, List<MailHost> all, String site, boolean detectLoops, boolean mayBeMore) {
        if (!detectLoops) {
            return new Hosts(order.arrange(all), site, false, mayBeMore);
        }
        // RFC 5321 §5.1: an exchange that is ourselves, and all that are no better, must not be tried.
        int ownPreference = all.stream()
                .filter(this::isOurself)
                .mapToInt(MailHost::preference)
                .min()
                .orElse(Integer.MAX_VALUE);
        List<MailHost> better =
                all.stream().filter(host -> host.preference() < ownPreference).toList();
        return better.isEmpty()
                ? new NoRoute(LOOP, "mail for " + hop.host() + " loops back to myself", false, true)
                : new Hosts(order.arrange(better), site, better.size() < all.size(), mayBeMore);
    }

    private boolean isOurself(MailHost host) {
        return host.name().equalsIgnoreCase(settings.myHostname())
                || settings.ownAddresses().contains(host.address());
    }

    private static NoRoute notFound(String name, String type, Outcome outcome) {
        String why;
        switch (outcome) {
            case NO_DATA:
                why = "Host found but no data record of requested type";
                break;
            case NO_SUCH_NAME:
                why = "Host not found";
                break;
            default:
                why = "Host not found, try again";
                break;
        }
        boolean failed = outcome == Outcome.TRY_AGAIN;
        return new NoRoute(
                failed ? NAME_SERVER_FAILURE : UNKNOWN_HOST,
                "Host or domain name not found. Name service error for name=" + name + " type=" + type + ": " + why,
                failed);
    }

    /** The look-ups of all exchanges of one domain, side by side. */
    private final class ExchangeRound {
        private final NextHop hop;
        private final boolean detectLoops;
        private final boolean isSecure;
        private final Consumer<RouteAnswer> then;
        private final List<MailHost> found = new ArrayList<>();

        // Owned by the loop.
        private String site = "";
        private int openCount;
        private @Nullable NoRoute failure;

        ExchangeRound(NextHop hop, boolean detectLoops, boolean isSecure, Consumer<RouteAnswer> then) {
            this.hop = hop;
            this.detectLoops = detectLoops;
            this.isSecure = isSecure;
            this.then = then;
        }

        void start(List<MxRecord> records) {
            if (records.stream().allMatch(record -> record.exchange().isEmpty())) {
                then.accept(new NoRoute(NULL_MX, "Domain " + hop.host() + " does not accept mail (nullMX)", false));
                return;
            }
            List<MxRecord> usable = records.stream()
                    .filter(ExchangeRound::isHostName)
                    .sorted(Comparator.comparingInt(MxRecord::preference))
                    .limit(EXCHANGES_MAX)
                    .toList();
            site = usable.stream().map(MxRecord::exchange).distinct().sorted().collect(Collectors.joining(","));
            // One more, so that answers from the cache do not end the round while it starts.
            openCount = usable.size() + 1;
            for (MxRecord record : usable) {
                hosts.find(record.exchange(), answer -> onHost(record, answer));
            }
            endOne();
        }

        /** RFC 5321 §5.1: an exchange is a name; an address there is a mistake that no server need put up with. */
        private static boolean isHostName(MxRecord record) {
            String name = record.exchange();
            return !name.isEmpty() && !NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name);
        }

        private void onHost(MxRecord record, Found answer) {
            if (answer.outcome() == Outcome.FOUND) {
                answer.addresses()
                        .forEach(address -> found.add(
                                new MailHost(record.exchange(), address, record.preference(), answer.trust(isSecure))));
            } else if (failure == null || !failure.nameServerFailure()) {
                failure = notFound(record.exchange(), answer.type(), answer.outcome());
            }
            endOne();
        }

        private void endOne() {
            if (--openCount > 0) {
                return;
            }
            if (!found.isEmpty()) {
                boolean mayBeMore = failure != null && failure.nameServerFailure();
                then.accept(arrange(hop, found, site, detectLoops, mayBeMore));
                return;
            }
            NoRoute why = failure == null
                    ? new NoRoute(UNKNOWN_HOST, "unable to find a usable mail exchanger for " + hop.host(), false)
                    : failure;
            boolean wait = settings.deferIfNoMxAddressFound() && !why.nameServerFailure();
            then.accept(wait ? new NoRoute(UNKNOWN_HOST_FOR_NOW, why.text(), false) : why);
        }
    }
}
