// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.ClientContexts;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.delivery.tls.TlsPolicies;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsVersion;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages whose senders demand TLS, or want to do without (RFC 8689), and servers of all kinds. */
@Timeout(120)
class RequireTlsIT {
    private static final String SENT = "sent 2.0.0 250 2.0.0 Ok";
    private static final String UNPROVEN =
            "bounced 5.7.10 REQUIRETLS needs encryption: there is no TLS policy that host"
                    + " 127.0.0.1[127.0.0.1] is verified by";
    private static final String NOT_OFFERED =
            "bounced 5.7.30 REQUIRETLS support is required, but was not offered by host 127.0.0.1[127.0.0.1]";

    private static TlsPolicy policy(TlsLevel level, String... matches) {
        return new TlsPolicy(
                level,
                level == TlsLevel.NONE ? Set.of() : EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                CipherList.parse("HIGH"),
                List.of(matches),
                "",
                null);
    }

    /** Published by MTA-STS: that server, whose certificate is for another name. */
    private static TlsPolicy published() {
        HostRules rules = new HostRules(
                null, policy(TlsLevel.MAY), policy(TlsLevel.ENCRYPT), "b.test", List.of("127.0.0.1"), null);
        return new TlsPolicy(TlsLevel.STS, Set.of(TlsVersion.TLS_1_3), CipherList.parse("HIGH"), List.of(), "", null)
                .byHost(rules);
    }

    private static Courier courier(@Nullable RequireTls demanded, TlsPolicy policy) {
        return courier((loop, nextHop, then) -> then.accept(demanded), (loop, nextHop, then) -> then.accept(policy));
    }

    private static Courier courier(RequireTls.Source demanded, TlsPolicies policies) {
        ClientHabits habits = TestHabits.usualBut(unlike -> unlike.requireTls = demanded);
        ClientTls tls = new ClientTls(
                policies,
                new ClientContexts(TlsEngine.best(), List.of(), Duration.ofHours(1)),
                new Authorities(TestCertificates.FILES.certificates("ca.pem"), List.of(), 9),
                Authorities.NONE,
                Fingerprint.of("sha256"),
                true,
                false,
                true,
                TlsLogLevel.SUMMARY,
                Duration.ofSeconds(60));
        return new Courier(Courier.settings().withHabits(habits), tls);
    }

    private static CompletableFuture<DeliveryReport> begin(Courier courier, String nextHop, TlsDemand demand) {
        return courier.send(
                nextHop,
                Courier.envelope("a@a.test", "u@b.test").withTls(demand),
                FileBody.of("Subject: x\n\nhello\n"));
    }

    private static String send(Courier courier, String nextHop, TlsDemand demand) throws Exception {
        return Courier.show(Courier.await(begin(courier, nextHop, demand)).outcomes()[0]);
    }

    private static String required(Courier courier, TlsSite... sites) throws Exception {
        String nextHops =
                String.join(",", List.of(sites).stream().map(TlsSite::nextHop).toList());
        return send(courier, nextHops, TlsDemand.REQUIRED);
    }

    private static TlsSite site(TlsSite.Mode mode, boolean announces) throws Exception {
        TlsSite site = new TlsSite(mode, "server");
        site.announcesRequireTls = announces;
        return site;
    }

    private static List<String> begun(TlsSite site) {
        return site.commands.stream().filter(one -> one.contains("MAIL FROM")).toList();
    }

    private static long connections(TlsSite site) {
        return site.commands.stream().filter("STARTTLS"::equals).count();
    }

    @Test
    void tellsAServerThatIsProvenToBeTheRightOne() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, "mx.b.test"))) {
            assertEquals(SENT, required(courier, site));
            assertEquals(SENT, required(courier, site));
            assertEquals(
                    List.of("tls MAIL FROM:<a@a.test> REQUIRETLS", "tls MAIL FROM:<a@a.test> REQUIRETLS"), begun(site));
            assertEquals(1, connections(site), "connections are used again");
        }
    }

    @Test
    void returnsMailThatNoServerWillCarryOn() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, false);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, "mx.b.test"))) {
            assertEquals(NOT_OFFERED, required(courier, site));
            assertEquals(List.of(), begun(site));
            assertEquals(SENT, send(courier, site.nextHop(), TlsDemand.NONE));
            assertEquals(1, connections(site), "other mail may go over that connection");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"NONE |", "MAY |", "ENCRYPT |"})
    void connectsToNoServerThatNeedProveNothing(TlsLevel level) throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(level))) {
            assertEquals(UNPROVEN, required(courier, site));
            assertEquals(List.of(), site.commands);
            assertEquals(SENT, send(courier, site.nextHop(), TlsDemand.NONE));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE    | mx.b.test | bounced 5.7.10 REQUIRETLS needs encryption: TLS is required, but was not"
                        + " offered by host 127.0.0.1[127.0.0.1]",
                "TLS     | x.test    | bounced 5.7.10 REQUIRETLS needs encryption: Server certificate not verified",
                "REFUSED | mx.b.test | deferred 4.7.0 TLS is required, but host 127.0.0.1[127.0.0.1] refused to start"
                        + " TLS: 454 4.7.0 TLS not available due to local problem",
            })
    void returnsMailForWhichThereIsNoTls(TlsSite.Mode mode, String match, String outcome) throws Exception {
        try (TlsSite site = site(mode, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, match))) {
            assertEquals(outcome, required(courier, site));
            assertEquals(List.of(), begun(site));
        }
    }

    @Test
    void returnsMailForAServerWithOtherCiphers() throws Exception {
        TlsPolicy other = new TlsPolicy(
                TlsLevel.SECURE,
                Set.of(TlsVersion.TLS_1_2),
                CipherList.parse("ECDHE-ECDSA-AES128-GCM-SHA256"),
                List.of("mx.b.test"),
                "",
                null);
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, other)) {
            assertEquals(
                    "bounced 5.7.10 REQUIRETLS needs encryption: Cannot start TLS: handshake failure",
                    required(courier, site));
        }
    }

    @Test
    void triesTheNextServer() throws Exception {
        try (TlsSite clear = site(TlsSite.Mode.NONE, true);
                TlsSite other = site(TlsSite.Mode.TLS, false);
                TlsSite good = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, "mx.b.test"))) {
            assertEquals(SENT, required(courier, clear, other, good));
            assertEquals(0, begun(clear).size() + begun(other).size());
            assertEquals(1, begun(good).size());
        }
    }

    @Test
    void waitsForAServerThatMayBeGoodEnough() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, false);
                ClosedPort port = ClosedPort.take();
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, "mx.b.test"))) {
            String closed = "[127.0.0.1]:" + port.number();
            assertTrue(send(courier, site.nextHop() + "," + closed, TlsDemand.REQUIRED)
                    .startsWith("deferred 4.4.1 connect to 127.0.0.1[127.0.0.1]:"));
            assertEquals(
                    NOT_OFFERED.replace("bounced 5", "deferred 4"),
                    send(courier, closed + "," + site.nextHop(), TlsDemand.REQUIRED));
        }
    }

    @Test
    void defersWhereNobodyKnowsWhatIsDemanded() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier((RequireTls) null, policy(TlsLevel.SECURE, "mx.b.test"))) {
            assertEquals(
                    "deferred 4.7.5 REQUIRETLS policy lookup error for next-hop destination " + site.nextHop(),
                    required(courier, site));
            assertEquals(List.of(), site.commands);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STARTTLS      | MAY  | TLS  | true  | tls MAIL FROM:<a@a.test> REQUIRETLS",
                "STARTTLS      | MAY  | TLS  | false | tls MAIL FROM:<a@a.test>",
                "STARTTLS      | MAY  | NONE | true  |",
                "STARTTLS      | NONE | TLS  | true  |",
                "OPPORTUNISTIC | MAY  | TLS  | true  | tls MAIL FROM:<a@a.test> REQUIRETLS",
                "OPPORTUNISTIC | MAY  | NONE | true  | MAIL FROM:<a@a.test>",
                "OPPORTUNISTIC | NONE | TLS  | true  | MAIL FROM:<a@a.test>",
                "DISABLE       | MAY  | TLS  | true  | tls MAIL FROM:<a@a.test>",
            })
    void asksForNoMoreThanThePolicyDoes(
            RequireTls demanded, TlsLevel level, TlsSite.Mode mode, boolean announces, @Nullable String mail)
            throws Exception {
        try (TlsSite site = site(mode, announces);
                Courier courier = courier(demanded, policy(level))) {
            String outcome = required(courier, site);
            assertTrue(outcome.startsWith(mail == null ? "bounced 5.7.10 " : SENT), outcome);
            assertEquals(mail == null ? List.of() : List.of(mail), begun(site));
            String forgotten = "ID: sent without REQUIRETLS to 127.0.0.1[127.0.0.1]:";
            assertEquals(
                    mail != null && !mail.contains("REQUIRETLS"),
                    courier.log.stream().anyMatch(line -> line.startsWith(forgotten)),
                    courier.log.toString());
        }
    }

    @Test
    void usesNoConnectionThatWasMadeForLess() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.SECURE, "mx.b.test"))) {
            assertEquals(SENT, send(courier, site.nextHop(), TlsDemand.NONE));
            assertEquals(SENT, required(courier, site));
            assertEquals(2, connections(site));
            assertEquals(SENT, required(courier, site));
            assertEquals(SENT, send(courier, site.nextHop(), TlsDemand.NONE));
            assertEquals(2, connections(site));
        }
    }

    /** All in line for one connection: what goes behind a message shares its connection only where it demands the same. */
    @Test
    void sendsNothingBehindAMessageThatDemandsLess() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.NONE, true);
                Courier courier = courier(RequireTls.ENFORCE, published())) {
            courier.attemptsMax(1);
            List<CompletableFuture<DeliveryReport>> begun = List.of(
                    begin(courier, site.nextHop(), TlsDemand.WAIVED),
                    begin(courier, site.nextHop(), TlsDemand.WAIVED),
                    begin(courier, site.nextHop(), TlsDemand.REQUIRED),
                    begin(courier, site.nextHop(), TlsDemand.WAIVED),
                    begin(courier, site.nextHop(), TlsDemand.NONE));
            StringBuilder outcomes = new StringBuilder();
            for (CompletableFuture<DeliveryReport> one : begun) {
                outcomes.append(Courier.await(one).outcomes()[0].status()).append(' ');
            }
            assertEquals("2.0.0 2.0.0 5.7.10 2.0.0 4.7.4 ", outcomes.toString());
            assertEquals(3, begun(site).size());
        }
    }

    @Test
    void doesWithoutWhatADomainDemandsForSendersWhoWantThat() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.TLS, true);
                Courier courier = courier(RequireTls.ENFORCE, published())) {
            assertEquals(
                    "deferred 4.7.5 Server certificate not verified", send(courier, site.nextHop(), TlsDemand.NONE));
            assertEquals(SENT, send(courier, site.nextHop(), TlsDemand.WAIVED));
            assertEquals(List.of("tls MAIL FROM:<a@a.test>"), begun(site));
        }
    }

    @Test
    void demandsWhatWhoRunsItDemandsWhateverSendersWant() throws Exception {
        try (TlsSite site = site(TlsSite.Mode.NONE, true);
                Courier courier = courier(RequireTls.ENFORCE, policy(TlsLevel.ENCRYPT))) {
            assertEquals(
                    "deferred 4.7.4 TLS is required, but was not offered by host 127.0.0.1[127.0.0.1]",
                    send(courier, site.nextHop(), TlsDemand.WAIVED));
        }
    }
}
