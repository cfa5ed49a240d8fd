// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.dns.FakeDns;
import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.ClientContexts;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsVersion;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mail to servers with TLSA records, through a name server that says what it has validated. */
class DaneIT {
    private static final CipherList ALL = CipherList.parse("HIGH");

    private final FakeDns dns = new FakeDns();
    private final List<TlsEvent> events = new CopyOnWriteArrayList<>();
    private @Nullable ReportedPolicy reported;

    @AfterEach
    void stop() {
        dns.close();
    }

    private static TlsPolicy plain(TlsLevel level) {
        return new TlsPolicy(level, EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), ALL, List.of(), "", null);
    }

    private ClientTls dane(TlsEngine engine, String... mx) {
        HostRules rules = new HostRules(
                new DaneTerms(false, TlsLevel.DANE, List.of(2, 1), false),
                plain(TlsLevel.MAY),
                plain(TlsLevel.ENCRYPT),
                "b.test",
                List.of(mx),
                reported);
        TlsPolicy policy =
                new TlsPolicy(TlsLevel.DANE, Set.of(TlsVersion.TLS_1_3), ALL, List.of(), "", null).byHost(rules);
        return new ClientTls(
                (loop, nextHop, then) -> then.accept(policy),
                new ClientContexts(engine, List.of(), Duration.ofHours(1)),
                Authorities.NONE,
                new Authorities(TestCertificates.FILES.certificates("ca.pem"), List.of(), 9),
                Fingerprint.of("sha256"),
                true,
                false,
                true,
                TlsLogLevel.SUMMARY,
                Duration.ofSeconds(60),
                events::add);
    }

    /** {@code mx}: what a policy of MTA-STS allows. */
    private Courier courier(TlsEngine engine, String... mx) {
        return courier(engine, dns, mx);
    }

    private Courier courier(TlsEngine engine, FakeDns server, String... mx) {
        return courier(engine, new DnsSettings(List.of(server.address()), Courier.DNS_TIMEOUT, 100), mx);
    }

    private Courier courier(TlsEngine engine, DnsSettings dnsSettings, String... mx) {
        RouteSettings usual = Courier.routes();
        RouteSettings secure = new RouteSettings(
                usual.dnsLookups(),
                true,
                usual.nativeLookups(),
                usual.protocols(),
                usual.preference(),
                usual.balanceProtocols(),
                usual.mxAddressLimit(),
                usual.ignoreMxLookupError(),
                usual.deferIfNoMxAddressFound(),
                usual.myHostname(),
                usual.ownAddresses());
        return new Courier(Courier.settings(), dane(engine, mx), secure, dnsSettings, false);
    }

    /** The domain b.test, served by that site; its record has the key of that certificate. */
    private void publish(TlsSite site, String certificate) throws Exception {
        publish(dns, site, certificate, "b.test", "mx.b.test");
    }

    /** {@code signed}: names that are, beside that of the record. */
    private static void publish(FakeDns dns, TlsSite site, String certificate, String... signed) throws Exception {
        byte[] key = TestCertificates.FILES
                .certificates(certificate + ".pem")
                .get(0)
                .getPublicKey()
                .getEncoded();
        String owner = "_" + port(site) + "._tcp.mx.b.test";
        dns.mx("b.test", 10, "mx.b.test")
                .address("mx.b.test", "127.0.0.1")
                .association(
                        owner, 3, 1, 1, MessageDigest.getInstance("SHA-256").digest(key));
        for (String name : signed) {
            dns.sign(name);
        }
        dns.sign(owner);
    }

    private static String port(TlsSite site) {
        return site.nextHop().substring(site.nextHop().lastIndexOf(':') + 1);
    }

    private static String send(Courier courier, TlsSite site) throws Exception {
        DeliveryOutcome outcome =
                Courier.await(courier.send("b.test:" + port(site))).outcomes()[0];
        return outcome.status() + " " + outcome.text();
    }

    private static String sendRequired(Courier courier, TlsSite site) throws Exception {
        return Courier.show(Courier.await(courier.send(
                        "b.test:" + port(site),
                        Courier.envelope("a@a.test", "u@b.test").withTls(TlsDemand.REQUIRED),
                        FileBody.of("Subject: x\n\nhello\n")))
                .outcomes()[0]);
    }

    /** Another exchange may be good enough, and the DNS has not said where it is. */
    @Test
    void keepsMailForAnExchangeThatCannotBeFoundYet() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server")) {
            publish(site, "server");
            dns.mx("b.test", 20, "mx2.b.test").fail("mx2.b.test", FakeDns.SERVFAIL);
            try (Courier courier = courier(TlsEngine.best())) {
                assertEquals(
                        "deferred 4.7.30 REQUIRETLS support is required, but was not offered by host"
                                + " mx.b.test[127.0.0.1]",
                        sendRequired(courier, site));
            }
            dns.mend("mx2.b.test");
            // One that does not remember for a second that the name server has failed.
            try (Courier courier = courier(TlsEngine.best())) {
                assertEquals(
                        "bounced 5.7.30 REQUIRETLS support is required, but was not offered by host"
                                + " mx.b.test[127.0.0.1]",
                        sendRequired(courier, site));
            }
        }
    }

    @Test
    void carriesRequireTlsToHostsThatDnssecVouchesForOnly() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best())) {
            site.announcesRequireTls = true;
            publish(site, "server");
            assertEquals("sent 2.0.0 250 2.0.0 Ok", sendRequired(courier, site));
        }
        FakeDns unsigned = new FakeDns();
        try (unsigned;
                TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best(), unsigned)) {
            site.announcesRequireTls = true;
            publish(unsigned, site, "server", "mx.b.test");
            assertEquals(
                    "sent 2.0.0 250 2.0.0 Ok",
                    Courier.show(
                            Courier.await(courier.send("b.test:" + port(site))).outcomes()[0]));
            assertEquals(
                    "bounced 5.7.10 REQUIRETLS needs encryption: there is no TLS policy that host mx.b.test[127.0.0.1]"
                            + " is verified by",
                    sendRequired(courier, site));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsToAServerThatItsRecordKnows(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(engine)) {
            publish(site, "server");
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertEquals(1, site.commands.stream().filter("STARTTLS"::equals).count(), "connections are used again");
            assertTrue(
                    courier.log.stream()
                            .anyMatch(line ->
                                    line.startsWith("Verified TLS connection established to mx.b.test[127.0.0.1]:")),
                    courier.log::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingToAnyOther(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(engine)) {
            publish(site, "stranger");
            assertEquals("4.7.5 Server certificate not verified", send(courier, site));
        }
    }

    @Test
    void sendsNothingInTheClearToOneThatHasRecords() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.NONE, "server");
                Courier courier = courier(TlsEngine.best())) {
            publish(site, "server");
            assertEquals(
                    "4.7.4 TLS is required, but was not offered by host mx.b.test[127.0.0.1]", send(courier, site));
        }
    }

    @Test
    void waitsWhileItsRecordsCannotBeHad() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best())) {
            publish(site, "server");
            dns.fail("_" + port(site) + "._tcp.mx.b.test", FakeDns.SERVFAIL);
            assertEquals("4.7.5 TLSA lookup error for mx.b.test:" + port(site), send(courier, site));
            assertEquals(List.of(), site.commands);
        }
    }

    /** A name server that keeps silent is asked as often as others are; nothing goes in the clear meanwhile, nor after. */
    @Test
    void waitsForANameServerThatKeepsSilent() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(
                        TlsEngine.best(), new DnsSettings(List.of(dns.address()), Duration.ofMillis(500), 100))) {
            publish(site, "server");
            String owner = "_" + port(site) + "._tcp.mx.b.test";
            dns.ignore(owner);
            assertEquals("4.7.5 TLSA lookup error for mx.b.test:" + port(site), send(courier, site));
            assertEquals(List.of(), site.commands);
            assertTrue(
                    courier.log.stream().anyMatch(line -> line.contains("name=" + owner + " type=TLSA")),
                    courier.log::toString);
        }
    }

    /** Nobody vouches for the record: it is as good as none. */
    @Test
    void sendsToAServerWithoutRecordsAsItMay() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.NONE, "server");
                Courier courier = courier(TlsEngine.best())) {
            dns.mx("b.test", 10, "mx.b.test")
                    .address("mx.b.test", "127.0.0.1")
                    .association("_" + port(site) + "._tcp.mx.b.test", 3, 1, 1, new byte[32]);
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
        }
    }

    private List<String> told() {
        return events.stream()
                .map(event -> event.policy().type().word()
                        + ' '
                        + event.host()
                        + ' '
                        + (event.failure() == null ? "success" : event.failure().word())
                        + ' '
                        + event.reason())
                .toList();
    }

    /** RFC 8460 §4.3. */
    @Test
    void reportsWhatCameOfRecords() throws Exception {
        reported = ReportedPolicy.none("b.test");
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best())) {
            publish(site, "server");
            send(courier, site);
        }
        assertEquals(List.of("tlsa mx.b.test success "), told());
        assertTrue(events.get(0).policy().text().get(0).startsWith("3 1 1 "), events::toString);
        assertEquals(
                "127.0.0.1 127.0.0.1",
                events.get(0).address() + " " + events.get(0).local());
        events.clear();
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best())) {
            publish(site, "stranger");
            send(courier, site);
        }
        assertEquals("tlsa mx.b.test validation-failure no matching DANE TLSA records", told().get(0));
        events.clear();
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best())) {
            dns.fail("_" + port(site) + "._tcp.mx.b.test", FakeDns.SERVFAIL);
            send(courier, site);
            assertEquals("tlsa mx.b.test dnssec-invalid TLSA lookup error for mx.b.test:" + port(site), told().get(0));
        }
    }

    @Test
    void reportsWhatCameOfPolicies() throws Exception {
        route();
        reported = new ReportedPolicy(
                ReportedPolicy.Type.STS, "b.test", List.of("mx: *.b.test"), List.of("*.b.test"), false);
        for (String[] one : new String[][] {
            {"server", "*.b.test", "sts mx.b.test success "},
            {"stranger", "*.b.test", "sts mx.b.test certificate-not-trusted "},
            {
                "server",
                "x.test",
                "sts mx.b.test validation-failure MTA-STS policy of b.test does not allow host mx.b.test"
            }
        }) {
            events.clear();
            try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, one[0]);
                    Courier courier = courier(TlsEngine.best(), one[1])) {
                send(courier, site);
            }
            assertTrue(told().size() == 1 && told().get(0).startsWith(one[2]), told()::toString);
        }
        events.clear();
        try (TlsSite site = new TlsSite(TlsSite.Mode.NONE, "server");
                Courier courier = courier(TlsEngine.best(), "*.b.test")) {
            send(courier, site);
        }
        assertEquals(List.of("sts mx.b.test starttls-not-supported "), told());
    }

    /** RFC 8461 §5: nothing is hindered by it. */
    @Test
    void reportsWhatWouldComeOfAPolicyThatIsTested() throws Exception {
        route();
        for (String[] one : new String[][] {
            {"server", "*.b.test", "success"},
            {"stranger", "*.b.test", "certificate-not-trusted"},
            {"server", "x.test", "validation-failure"}
        }) {
            events.clear();
            reported = new ReportedPolicy(
                    ReportedPolicy.Type.STS, "b.test", List.of("mode: testing"), List.of(one[1]), true);
            try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, one[0]);
                    Courier courier = courier(TlsEngine.best())) {
                assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            }
            assertTrue(told().size() == 1 && told().get(0).contains(one[2]), told()::toString);
        }
    }

    private void route() {
        dns.mx("b.test", 10, "mx.b.test").address("mx.b.test", "127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void sendsToAServerThatAPolicyAllows(TlsEngine engine) throws Exception {
        route();
        for (String pattern : List.of("MX.b.test", "*.b.test")) {
            try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                    Courier courier = courier(engine, "other.test", pattern)) {
                assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
                assertTrue(
                        courier.log.stream().anyMatch(line -> line.startsWith("Verified TLS connection established")),
                        courier.log::toString);
            }
        }
    }

    @Test
    void sendsNothingToOneThatItDoesNot() throws Exception {
        route();
        for (String pattern : List.of("b.test", "*.test", "*.mx.b.test")) {
            try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                    Courier courier = courier(TlsEngine.best(), pattern)) {
                assertEquals(
                        "4.7.5 MTA-STS policy of b.test does not allow host mx.b.test", send(courier, site), pattern);
                assertEquals(List.of(), site.commands);
            }
        }
    }

    @Test
    void sendsNothingToOneWhomNobodyVouchesFor() throws Exception {
        route();
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "stranger");
                Courier courier = courier(TlsEngine.best(), "mx.b.test")) {
            assertEquals("4.7.5 Server certificate not verified", send(courier, site));
        }
    }

    /** RFC 8461 §2: the records of a server that has some come first. */
    @Test
    void judgesByRecordsBeforePolicies() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "stranger");
                Courier courier = courier(TlsEngine.best(), "other.test")) {
            publish(site, "stranger");
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
        }
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = courier(TlsEngine.best(), "mx.b.test")) {
            publish(site, "stranger");
            assertEquals("4.7.5 Server certificate not verified", send(courier, site));
        }
    }
}
