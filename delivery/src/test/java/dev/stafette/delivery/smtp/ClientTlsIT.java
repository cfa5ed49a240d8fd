// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.tls.Associations;
import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.ClientContexts;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.PemFiles;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsVersion;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The client's TLS by both engines, against the JDK's server. */
class ClientTlsIT {
    private static final CipherList ALL = CipherList.parse("HIGH");

    /** One of them for certificates that were good once. */
    private static final List<X509Certificate> AUTHORITIES = List.of(
            TestCertificates.FILES.certificates("ca.pem").get(0),
            TestCertificates.FILES.certificates("old-ca.pem").get(0));

    private static TlsPolicy policy(TlsLevel level, String... matches) {
        return new TlsPolicy(
                level, EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), ALL, List.of(matches), "", null);
    }

    private static ClientTls tls(TlsEngine engine, TlsPolicy policy, boolean isWrapped) {
        return new ClientTls(
                (loop, nextHop, then) -> then.accept(policy),
                new ClientContexts(engine, List.of(), Duration.ofHours(1)),
                new Authorities(AUTHORITIES, List.of(), 9),
                Authorities.NONE,
                Fingerprint.of("sha256"),
                true,
                isWrapped,
                true,
                TlsLogLevel.SUMMARY,
                Duration.ofSeconds(60));
    }

    private static String send(Courier courier, TlsSite site) throws Exception {
        DeliveryOutcome outcome = Courier.await(courier.send(site.nextHop())).outcomes()[0];
        return outcome.status() + " " + outcome.text();
    }

    private static boolean says(Courier courier, String start) {
        return courier.log.stream().anyMatch(line -> line.startsWith(start));
    }

    @ParameterizedTest
    @EnumSource
    void encryptsMailWhereItMay(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(tls(engine, policy(TlsLevel.MAY), false))) {
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertEquals(List.of("Subject: x\n\nhello\n", "Subject: x\n\nhello\n"), site.messages);
            assertEquals(List.of("EHLO relay.test", "STARTTLS", "tls EHLO relay.test"), site.commands.subList(0, 3));
            assertEquals(1, site.commands.stream().filter("STARTTLS"::equals).count(), "connections are used again");
            assertTrue(
                    says(courier, "Trusted TLS connection established to 127.0.0.1[127.0.0.1]:"),
                    courier.log.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsLargeMailInPieces(TlsEngine engine) throws Exception {
        String line = "x".repeat(70) + "\n";
        String large = "Subject: x\n\n" + line.repeat(60_000);
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(tls(engine, policy(TlsLevel.MAY), false))) {
            DeliveryOutcome outcome = Courier.await(
                            courier.send(site.nextHop(), Courier.envelope("a@a.test", "u@b.test"), FileBody.of(large)))
                    .outcomes()[0];
            assertEquals("250 2.0.0 Ok", outcome.text());
            assertTrue(large.equals(site.messages.get(0)), "what comes is what was sent");
        }
    }

    @ParameterizedTest
    @EnumSource
    void encryptsFromTheFirstByteOn(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.WRAPPED, "server-ec");
                Courier courier = new Courier(tls(engine, policy(TlsLevel.ENCRYPT), true))) {
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertEquals("tls EHLO relay.test", site.commands.get(0));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE    | 4.7.4 TLS is required, but was not offered by host 127.0.0.1[127.0.0.1]",
                "REFUSED | 4.7.0 TLS is required, but host 127.0.0.1[127.0.0.1] refused to start TLS: 454 4.7.0 TLS"
                        + " not available due to local problem",
                "BROKEN  | 4.7.5 Cannot start TLS: handshake failure",
                "CUT     | 4.7.5 Cannot start TLS: handshake failure",
                "RESET   | 4.7.5 Cannot start TLS: handshake failure",
            })
    void sendsNothingInTheClearWhereItMustNot(TlsSite.Mode mode, String why) throws Exception {
        for (TlsEngine engine : TlsEngine.values()) {
            try (TlsSite site = new TlsSite(mode, "server");
                    Courier courier = new Courier(tls(engine, policy(TlsLevel.ENCRYPT), false))) {
                assertEquals(why, send(courier, site));
                assertFalse(
                        site.commands.stream().anyMatch(command -> command.startsWith("MAIL")),
                        site.commands.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "REFUSED", "BROKEN", "CUT", "RESET"})
    void goesOnInTheClearWhereThatMayBe(TlsSite.Mode mode) throws Exception {
        for (TlsEngine engine : TlsEngine.values()) {
            try (TlsSite site = new TlsSite(mode, "server");
                    Courier courier = new Courier(tls(engine, policy(TlsLevel.MAY), false))) {
                assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
                assertTrue(site.commands.stream().anyMatch(command -> command.startsWith("MAIL FROM:")));
                assertEquals(
                        mode != TlsSite.Mode.NONE && mode != TlsSite.Mode.REFUSED,
                        says(courier, "SSL_connect error to 127.0.0.1[127.0.0.1]:"));
            }
        }
    }

    /** Replies that somebody has put in front of the handshake are nobody's. */
    @ParameterizedTest
    @EnumSource
    void dropsWhatCameInTheClearBehindTheAnswer(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.FORGED, "server");
                Courier courier = new Courier(tls(engine, policy(TlsLevel.ENCRYPT), false))) {
            String outcome = send(courier, site);
            // It comes with the answer, or as the first of the handshake, which fails by it.
            assertTrue(
                    outcome.equals("2.0.0 250 2.0.0 Ok") || outcome.equals("4.7.5 Cannot start TLS: handshake failure"),
                    outcome);
            assertFalse(
                    site.commands.stream().anyMatch(command -> command.startsWith("MAIL")), site.commands.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VERIFY      | server   | mx.b.test               | sent",
                "VERIFY      | server   | hostname                | no",
                "VERIFY      | server   | other.test              | no",
                "VERIFY      | stranger | mx.b.test               | no",
                "VERIFY      | expired  | mx.b.test               | no",
                "SECURE      | expired  | .b.test                 | no",
                "SECURE      | server   | .b.test                 | sent",
                "SECURE      | server   | b.test                  | no",
                "SECURE      | server   | deep.down.wild.test     | sent",
                "SECURE      | server   | wild.test               | no",
                "FINGERPRINT | client   |"
                        + " 3c:e8:20:09:2e:3c:17:5b:19:b4:df:5f:b9:35:a7:db:24:49:3f:be:6c:61:37:07:4d:66:50:e8:30:ec:8d:54"
                        + " | sent",
                "FINGERPRINT | stranger |"
                        + " 3c:e8:20:09:2e:3c:17:5b:19:b4:df:5f:b9:35:a7:db:24:49:3f:be:6c:61:37:07:4d:66:50:e8:30:ec:8d:54"
                        + " | no",
            })
    void sendsToWhomTheCertificateNamesOnly(TlsLevel level, String certificate, String match, String outcome)
            throws Exception {
        for (TlsEngine engine : TlsEngine.values()) {
            try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, certificate);
                    Courier courier = new Courier(tls(engine, policy(level, match), false))) {
                assertEquals(
                        outcome.equals("sent") ? "2.0.0 250 2.0.0 Ok" : "4.7.5 Server certificate not verified",
                        send(courier, site));
                assertEquals(outcome.equals("sent") ? 1 : 0, site.messages.size());
                assertEquals(outcome.equals("sent"), says(courier, "Verified TLS connection established to "));
            }
        }
    }

    /** {@code key}: of the authority, in the place of its certificate. */
    private static Associations anchors(String name, boolean isKey) {
        if (!isKey) {
            return TestCertificates.FILES.anchors(List.of(name + ".pem"));
        }
        byte[] key = TestCertificates.FILES
                .certificates(name + ".pem")
                .get(0)
                .getPublicKey()
                .getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PUBLIC KEY-----\n";
        return new PemFiles(file -> pem).anchors(List.of("key.pem"));
    }

    @ParameterizedTest
    @CsvSource({
        "SECURE, ca, false, mx.b.test, true",
        "SECURE, ca, true, mx.b.test, true",
        "VERIFY, server, false, mx.b.test, false",
        "SECURE, ca, false, x.test, false",
        "VERIFY, stranger, false, mx.b.test, false",
        "SECURE, stranger, true, mx.b.test, false",
    })
    void trustsTheAnchorsThatItIsGivenInPlaceOfAuthorities(
            TlsLevel level, String anchor, boolean isKey, String match, boolean isSent) throws Exception {
        TlsPolicy anchored = policy(level, match).anchoredIn(anchors(anchor, isKey));
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(tls(TlsEngine.best(), anchored, false))) {
            assertEquals(isSent ? "2.0.0 250 2.0.0 Ok" : "4.7.5 Server certificate not verified", send(courier, site));
        }
    }

    @Test
    void readsNoAnchorsWhereThereAreNone() {
        TlsException refused =
                assertThrows(TlsException.class, () -> TestCertificates.FILES.anchors(List.of("ca.pem", "server.key")));
        assertEquals("server.key: there is no certificate and no public key in it", refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void resumesSessions(TlsEngine engine) throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(
                        Courier.settings().withReuse(SessionReuse.NONE),
                        tls(engine, policy(TlsLevel.SECURE, "mx.b.test"), false))) {
            for (int i = 0; i < 3; i++) {
                assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            }
            assertTrue(says(courier, "Verified TLS connection established to "), courier.log.toString());
            assertTrue(says(courier, "Verified TLS connection reused to "), courier.log.toString());
            assertEquals(List.of(false, true, true), courier.handshakes);
        }
    }

    @Test
    void notesOffersThatItDoesNotTakeUp() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(tls(TlsEngine.best(), TlsPolicy.NONE, false))) {
            assertEquals("2.0.0 250 2.0.0 Ok", send(courier, site));
            assertTrue(courier.log.contains("Host offered STARTTLS: [127.0.0.1]"), courier.log.toString());
            assertFalse(site.commands.contains("STARTTLS"));
        }
    }

    @Test
    void defersWhatItKnowsNoPolicyFor() throws Exception {
        try (TlsSite site = new TlsSite(TlsSite.Mode.TLS, "server");
                Courier courier = new Courier(
                        tls(TlsEngine.best(), TlsPolicy.faulty("client TLS configuration problem"), false))) {
            assertEquals("4.7.5 client TLS configuration problem", send(courier, site));
            assertEquals(List.of(), site.commands);
        }
    }
}
