// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.dns.FakeDns;
import dev.stafette.delivery.route.RouteAnswer.Hosts;
import dev.stafette.delivery.route.RouteAnswer.NoRoute;
import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailRouterIT {
    private static final String MY_HOSTNAME = "relay.test";
    private static final InetAddress MY_ADDRESS = NetUtil.createInetAddressFromIpAddressString("192.0.2.25");

    private final FakeDns dns = new FakeDns();
    private final FakeDns second = new FakeDns();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private boolean ignoreMxLookupError;
    private boolean deferIfNoMxAddressFound;
    private boolean dnsLookups = true;
    private boolean nativeLookups;
    private InetProtocols protocols = InetProtocols.ALL;
    private List<InetSocketAddress> servers = List.of(dns.address());
    private Duration patience = Duration.ofSeconds(30);

    @AfterEach
    void close() {
        dns.close();
        second.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private MailRouter router() {
        RouteSettings settings = new RouteSettings(
                dnsLookups,
                false,
                nativeLookups,
                protocols,
                AddressPreference.ANY,
                true,
                5,
                ignoreMxLookupError,
                deferIfNoMxAddressFound,
                MY_HOSTNAME,
                Set.of(MY_ADDRESS));
        DnsClients clients = new DnsClients(new DnsSettings(servers, patience, 100), loops);
        return new MailRouter(settings, clients.of(loops.next()), loops.next(), Runnable::run, new Random());
    }

    private static RouteAnswer ask(MailRouter router, EventLoopGroup loops, String nextHop) throws Exception {
        NextHop hop = NextHop.parse(nextHop, 25, Integer::parseInt);
        assertNotNull(hop);
        CompletableFuture<RouteAnswer> answer = new CompletableFuture<>();
        loops.next().execute(() -> router.route(hop, true, answer::complete));
        return answer.get(60, TimeUnit.SECONDS);
    }

    private RouteAnswer route(String nextHop) throws Exception {
        return ask(router(), loops, nextHop);
    }

    private String show(String nextHop) throws Exception {
        return show(route(nextHop));
    }

    private static String show(RouteAnswer answer) {
        if (answer instanceof NoRoute none) {
            return none.status() + " " + none.text() + (none.nameServerFailure() ? " (site)" : "");
        }
        return ((Hosts) answer)
                .hosts().stream()
                        .map(host ->
                                host.preference() + " " + host.name() + " " + NetUtil.toAddressString(host.address()))
                        .collect(Collectors.joining(", "));
    }

    private static String notFound(String status, String name, String type, String why) {
        return status + " Host or domain name not found. Name service error for name=" + name + " type=" + type + ": "
                + why;
    }

    @Test
    void ordersExchangesByPreferenceAndShufflesWithinOne() throws Exception {
        dns.mx("b.test", 20, "mx2.test").mx("b.test", 10, "mx1.test").mx("b.test", 10, "mx3.test");
        dns.address("mx1.test", "127.0.0.1").address("mx2.test", "127.0.0.2").address("mx3.test", "127.0.0.3");
        MailRouter router = router();
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            orders.add(show(ask(router, loops, "b.test")));
        }
        assertEquals(
                Set.of(
                        "10 mx1.test 127.0.0.1, 10 mx3.test 127.0.0.3, 20 mx2.test 127.0.0.2",
                        "10 mx3.test 127.0.0.3, 10 mx1.test 127.0.0.1, 20 mx2.test 127.0.0.2"),
                orders);
        assertEquals(7, dns.questions.size(), "all but the first round came from the cache: " + dns.questions);
    }

    @Test
    void takesANullMxForNoMail() throws Exception {
        dns.mx("b.test", 0, "").address("b.test", "127.0.0.1");
        assertEquals("5.1.10 Domain b.test does not accept mail (nullMX)", show("b.test"));
        assertEquals(List.of("b.test MX"), dns.questions);
    }

    @Test
    void passesOverANullMxBesideOthers() throws Exception {
        dns.mx("b.test", 0, "").mx("b.test", 10, "mx.test").address("mx.test", "127.0.0.1");
        assertEquals("10 mx.test 127.0.0.1", show("b.test"));
    }

    @Test
    void takesTheDomainItselfWhereThereIsNoMx() throws Exception {
        dns.address("b.test", "127.0.0.1");
        assertEquals("0 b.test 127.0.0.1", show("b.test"));
    }

    @Test
    void refusesADomainThatDoesNotExist() throws Exception {
        assertEquals(notFound("5.4.4", "b.test", "AAAA", "Host not found"), show("b.test"));
        assertEquals(List.of("b.test MX"), dns.questions);
    }

    @Test
    void refusesADomainWithoutAnyAddress() throws Exception {
        dns.empty("b.test");
        assertEquals(
                notFound("5.4.4", "b.test", "AAAA", "Host found but no data record of requested type"), show("b.test"));
    }

    @Test
    void waitsForAFailingNameServerAndAsksForNoAddress() throws Exception {
        dns.address("b.test", "127.0.0.1").fail("b.test", FakeDns.SERVFAIL);
        assertEquals(notFound("4.4.3", "b.test", "MX", "Host not found, try again") + " (site)", show("b.test"));
        assertEquals(Set.of("b.test MX"), Set.copyOf(dns.questions));
    }

    @Test
    void waitsForASilentNameServer() throws Exception {
        patience = Duration.ofMillis(100);
        dns.ignore("b.test");
        assertEquals(notFound("4.4.3", "b.test", "MX", "Host not found, try again") + " (site)", show("b.test"));
    }

    @Test
    void asksForAddressesAllTheSameWhenToldTo() throws Exception {
        ignoreMxLookupError = true;
        dns.fail("b.test", FakeDns.REFUSED);
        assertEquals(notFound("4.4.3", "b.test", "AAAA", "Host not found, try again") + " (site)", show("b.test"));
    }

    @Test
    void asksTheNextServer() throws Exception {
        servers = List.of(dns.address(), second.address());
        dns.fail("b.test", FakeDns.SERVFAIL).ignore("c.test");
        second.mx("b.test", 10, "mx.test").mx("c.test", 10, "mx.test").address("mx.test", "127.0.0.1");
        dns.address("mx.test", "127.0.0.1");
        assertEquals("10 mx.test 127.0.0.1", show("b.test"));
        patience = Duration.ofMillis(300);
        assertEquals("10 mx.test 127.0.0.1", show("c.test"));
    }

    @Test
    void followsAliasesWithinAResponse() throws Exception {
        dns.alias("b.test", "c.test").alias("c.test", "d.test").mx("d.test", 10, "mx.test");
        dns.alias("mx.test", "host.test").address("host.test", "127.0.0.1");
        assertEquals("10 mx.test 127.0.0.1", show("b.test"));
    }

    @Test
    void followsAliasesThatTheResponseDoesNot() throws Exception {
        servers = List.of(dns.address());
        dns.alias("b.test", "c.test").mx("c.test", 10, "mx.test").address("mx.test", "127.0.0.1");
        assertEquals("10 mx.test 127.0.0.1", show("b.test"));
        dns.alias("x.test", "nowhere.test");
        assertEquals(notFound("5.4.4", "x.test", "AAAA", "Host not found"), show("x.test"));
    }

    @Test
    void endsAnAliasLoop() throws Exception {
        dns.alias("b.test", "c.test").alias("c.test", "b.test");
        dns.alias("x.test", "y.test").alias("y.test", "z.test").alias("z.test", "x.test");
        dns.alias("self.test", "self.test");
        for (String name : List.of("b.test", "x.test", "self.test")) {
            assertEquals(notFound("4.4.3", name, "MX", "Host not found, try again") + " (site)", show(name));
        }
    }

    @Test
    void passesOverExchangesWithoutAddress() throws Exception {
        dns.mx("b.test", 10, "gone.test").mx("b.test", 20, "mx.test").address("mx.test", "127.0.0.1");
        dns.mx("c.test", 10, "gone.test");
        dns.mx("d.test", 10, "gone.test").mx("d.test", 20, "sick.test").fail("sick.test", FakeDns.SERVFAIL);
        assertEquals("20 mx.test 127.0.0.1", show("b.test"));
        assertEquals(notFound("5.4.4", "gone.test", "AAAA", "Host not found"), show("c.test"));
        assertEquals(notFound("4.4.3", "sick.test", "AAAA", "Host not found, try again") + " (site)", show("d.test"));
        deferIfNoMxAddressFound = true;
        assertEquals(notFound("4.4.4", "gone.test", "AAAA", "Host not found"), show("c.test"));
    }

    @Test
    void takesNoAddressForAnExchange() throws Exception {
        dns.mx("b.test", 10, "127.0.0.1").mx("b.test", 20, "mx.test").address("mx.test", "127.0.0.2");
        dns.mx("c.test", 10, "127.0.0.1");
        assertEquals("20 mx.test 127.0.0.2", show("b.test"));
        assertEquals("5.4.4 unable to find a usable mail exchanger for c.test", show("c.test"));
    }

    @Test
    void triesOnlyBetterExchangesThanItself() throws Exception {
        dns.mx("b.test", 10, "mx.test").mx("b.test", 20, MY_HOSTNAME).mx("b.test", 20, "mx2.test");
        dns.mx("b.test", 30, "mx3.test");
        for (String host : List.of("mx.test", MY_HOSTNAME, "mx2.test", "mx3.test")) {
            dns.address(host, "127.0.0.1");
        }
        assertEquals("10 mx.test 127.0.0.1", show("b.test"));
        dns.mx("c.test", 10, "alias-of-mine.test").address("alias-of-mine.test", "192.0.2.25");
        dns.mx("c.test", 20, "mx.test");
        assertEquals("5.4.6 mail for c.test loops back to myself", show("c.test"));
        assertEquals("5.4.6 mail for 192.0.2.25 loops back to myself", show("[192.0.2.25]"));
    }

    @Test
    void looksForNoMxOfABracketedHost() throws Exception {
        dns.mx("b.test", 10, "mx.test").address("b.test", "127.0.0.7");
        assertEquals("0 b.test 127.0.0.7", show("[b.test]:2525"));
        assertEquals("0 127.0.0.9 127.0.0.9", show("[127.0.0.9]"));
        assertEquals("0 ::1 ::1", show("[IPv6:::1]"));
    }

    @Test
    void asksOnlyForTheEnabledFamily() throws Exception {
        dns.address("b.test", "127.0.0.7").address("b.test", "::1");
        protocols = InetProtocols.IPV6;
        assertEquals("0 b.test ::1", show("[b.test]"));
        assertEquals("4.4.4 address family of 127.0.0.1 is disabled", show("[127.0.0.1]"));
        protocols = InetProtocols.IPV4;
        assertEquals("0 b.test 127.0.0.7", show("[b.test]"));
    }

    @Test
    void findsLocalhostWithoutAsking() throws Exception {
        protocols = InetProtocols.IPV4;
        assertEquals("0 localhost 127.0.0.1", show("[localhost]:2525"));
        assertEquals(List.of(), dns.questions);
    }

    @Test
    void asksTheSystemWhereDnsIsOff() throws Exception {
        dnsLookups = false;
        protocols = InetProtocols.IPV4;
        assertEquals("0 localhost 127.0.0.1", show("localhost"));
        assertTrue(show("no-such-host.invalid").startsWith("5.4.4 "));
        assertEquals(List.of(), dns.questions);
    }

    @Test
    void findsWhatAnotherRouterOfTheLoopHasAskedFor() throws Exception {
        dns.mx("b.test", 10, "mx.test").address("mx.test", "127.0.0.1");
        RouteSettings settings = RouteSettings.defaults(MY_HOSTNAME);
        DnsClients clients = new DnsClients(new DnsSettings(servers, patience, 100), loops);
        for (int i = 0; i < 2; i++) {
            // As a reload does.
            MailRouter router =
                    new MailRouter(settings, clients.of(loops.next()), loops.next(), Runnable::run, new Random());
            assertEquals("10 mx.test 127.0.0.1", show(ask(router, loops, "b.test")));
        }
        assertEquals(3, dns.questions.size());
    }

    @Test
    void asksOnceForAllThatWait() throws Exception {
        dns.address("b.test", "127.0.0.1");
        MailRouter router = router();
        List<CompletableFuture<RouteAnswer>> answers = new ArrayList<>();
        NextHop hop = NextHop.parse("b.test", 25, Integer::parseInt);
        assertNotNull(hop);
        loops.next()
                .submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        CompletableFuture<RouteAnswer> answer = new CompletableFuture<>();
                        answers.add(answer);
                        router.route(hop, true, answer::complete);
                    }
                })
                .syncUninterruptibly();
        for (CompletableFuture<RouteAnswer> answer : answers) {
            assertFalse(answer.get(60, TimeUnit.SECONDS) instanceof NoRoute);
        }
        assertEquals(3, dns.questions.size());
    }
}
