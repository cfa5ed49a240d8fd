// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Postfix's words for what is wrong with a chain; TlsComparisonIT has them side by side. */
class DoubtTest {
    private static final X509Certificate CA = certificate("ca.pem");
    private static final X509Certificate OLD_CA = certificate("old-ca.pem");

    private static X509Certificate certificate(String name) {
        return TestCertificates.FILES.certificates(name).get(0);
    }

    private static String line(List<X509Certificate> trusted, String... chain) {
        X509Certificate[] shown =
                Arrays.stream(chain).map(DoubtTest::certificate).toArray(X509Certificate[]::new);
        Doubt doubt = new Authorities(List.of(), trusted, 9).doubtOfServer(shown);
        return Objects.requireNonNull(doubt).line("server", "mx[1.2.3.4]:25");
    }

    @Test
    void namesTheIssuerThatNobodyKnows() {
        String untrusted =
                "certificate verification failed for mx[1.2.3.4]:25: untrusted issuer /O=Stafette tests/CN=Test CA";
        assertEquals(untrusted, line(List.of(), "server.pem"));
        assertEquals(untrusted, line(List.of(), "server.pem", "ca.pem"));
        assertEquals(untrusted, line(List.of(OLD_CA), "server.pem"));
    }

    @Test
    void tellsOneThatVouchesForItself() {
        assertEquals(
                "certificate verification failed for mx[1.2.3.4]:25: self-signed certificate",
                line(List.of(CA), "stranger.pem"));
    }

    @Test
    void tellsOneThatIsTooOld() {
        assertEquals(
                "server certificate verification failed for mx[1.2.3.4]:25: certificate has expired",
                line(List.of(OLD_CA), "expired.pem"));
        // What is wrong nearest to the server counts, and who it is before how long.
        assertEquals(
                "server certificate verification failed for mx[1.2.3.4]:25: certificate has expired",
                line(List.of(CA), "expired.pem", "old-ca.pem"));
        assertTrue(line(List.of(CA), "expired.pem").contains("untrusted issuer"));
    }

    @Test
    void isToldWithoutNumbersInReports() {
        assertEquals("no matching DANE TLSA records", Doubt.NO_RECORD.reason());
        assertEquals(
                "client certificate verification failed for c: num=62:hostname mismatch",
                Doubt.OTHER_NAME.line("client", "c"));
    }
}
