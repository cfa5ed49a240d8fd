// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherSuite;
import dev.stafette.delivery.tls.Doubt;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.PemFiles;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each parameter changes in the terms of a server. */
class ServerTermsTest {
    private static final String CLIENT = "client.pem";

    @TempDir
    private Path directory;

    private final FakeHost host = new FakeHost("mx.b.test");

    private ServerTerms terms(boolean isRequired, String... lines) throws IOException {
        Settings settings = host.file("/tls/server.pem", TestCertificates.text("server.pem"))
                .file("/tls/server.key", TestCertificates.text("server.key"))
                .file("/tls/ca.pem", TestCertificates.text("ca.pem"))
                .configuration(
                        "smtpd_tls_cert_file = /tls/server.pem\nsmtpd_tls_key_file = /tls/server.key\n"
                                + "smtpd_tls_ask_ccert = yes\n" + String.join("\n", lines),
                        "")
                .settings();
        ServerContexts contexts =
                new ServerContexts(() -> TlsEngine.JDK, new TicketKeys(), ListTables.UNOPENED, Runnable::run, w -> {});
        return Objects.requireNonNull(contexts.of(settings, isRequired)).terms();
    }

    private @Nullable Doubt doubt(String client, String... lines) throws IOException {
        X509Certificate[] chain = TestCertificates.FILES.certificates(client).toArray(X509Certificate[]::new);
        return terms(false, lines).authorities().doubtOfClient(chain);
    }

    /** {@code name}: as openssl rehash names it, or not. */
    private void authority(String name) throws IOException {
        Path file = Files.createFile(directory.resolve(name));
        host.file(file.toString(), TestCertificates.text("ca.pem"));
    }

    @Test
    void trustsThoseInADirectoryWhoseFilesHaveTheirHashes() throws IOException {
        String path = "smtpd_tls_CApath = " + directory;
        assertNotNull(doubt(CLIENT));
        assertNotNull(doubt(CLIENT, path));
        authority("ca.pem");
        assertNotNull(doubt(CLIENT, path), "OpenSSL does not look at it");
        authority("0a1b2c3d.0");
        assertNull(doubt(CLIENT, path));
        assertNotNull(doubt("stranger.pem", path));
        assertEquals(List.of(), terms(false, path).authorities().named(), "clients are told of those in a file alone");
        assertNull(doubt(CLIENT, "smtpd_tls_CAfile = /tls/ca.pem"));
    }

    @Test
    void trustsThoseOfTheSystemWhereItIsToldTo() throws IOException {
        String file = Authorities.SYSTEM_FILES.stream()
                .filter(name -> Files.isReadable(Path.of(name)))
                .findFirst()
                .orElse("");
        assumeTrue(!file.isEmpty(), "skipped: the system trusts nobody");
        X509Certificate one = new PemFiles(name -> Files.readString(Path.of(name), StandardCharsets.ISO_8859_1))
                .certificates(file)
                .get(0);
        X509Certificate[] chain = {one};
        Doubt alone = terms(false).authorities().doubtOfClient(chain);
        Doubt told = terms(false, "tls_append_default_CA = yes").authorities().doubtOfClient(chain);
        assertEquals("self-signed certificate", Objects.requireNonNull(alone).text());
        assertTrue(told == null || !told.equals(alone), () -> String.valueOf(told));
    }

    @Test
    void keepsVersionsOfWhereTlsMayBeAndWhereItMustBeApart() throws IOException {
        String[] both = {"smtpd_tls_protocols = TLSv1.3", "smtpd_tls_mandatory_protocols = TLSv1.2"};
        assertEquals(Set.of(TlsVersion.TLS_1_3), terms(false, both).protocols());
        assertEquals(Set.of(TlsVersion.TLS_1_2), terms(true, both).protocols());
    }

    private static String suites(ServerTerms terms) {
        return terms.ciphers().suites().stream().map(CipherSuite::openSslName).collect(Collectors.joining(" "));
    }

    @Test
    void keepsCiphersOfWhereTlsMayBeAndWhereItMustBeApart() throws IOException {
        String[] grades = {
            "smtpd_tls_ciphers = medium",
            "smtpd_tls_mandatory_ciphers = high",
            "tls_medium_cipherlist = ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384",
            "tls_high_cipherlist = ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305",
            "smtpd_tls_exclude_ciphers =",
            ""
        };
        assertTrue(suites(terms(false, grades)).contains("ECDHE-RSA-AES128-GCM-SHA256"));
        assertFalse(suites(terms(false, grades)).contains("ECDHE-RSA-CHACHA20-POLY1305"));
        assertFalse(suites(terms(true, grades)).contains("ECDHE-RSA-AES128-GCM-SHA256"));
        assertTrue(suites(terms(true, grades)).contains("ECDHE-RSA-CHACHA20-POLY1305"));
        grades[4] = "smtpd_tls_exclude_ciphers = ECDHE-RSA-AES256-GCM-SHA384";
        grades[5] = "smtpd_tls_mandatory_exclude_ciphers = ECDHE-RSA-CHACHA20-POLY1305";
        for (boolean isRequired : new boolean[] {false, true}) {
            assertFalse(suites(terms(isRequired, grades)).contains("ECDHE-RSA-AES256-GCM-SHA384"));
        }
        assertTrue(suites(terms(false, grades)).contains("ECDHE-RSA-AES128-GCM-SHA256"));
        assertFalse(suites(terms(true, grades)).contains("ECDHE-RSA-CHACHA20-POLY1305"));
    }

    @Test
    void haveTheirTimesAndDigests() throws IOException {
        ServerTerms terms = terms(
                false,
                "smtpd_tls_session_cache_timeout = 7s",
                "smtpd_tls_fingerprint_digest = sha1",
                "tls_preempt_cipherlist = yes",
                "smtpd_tls_ask_ccert = no");
        assertEquals(7, terms.sessionTimeout().toSeconds());
        assertTrue(terms.prefersOwnOrder());
        assertFalse(terms.asksCertificate());
        assertEquals(Fingerprint.of("sha1"), terms.fingerprint());
        assertTrue(terms(true, "smtpd_tls_ask_ccert = no", "smtpd_tls_req_ccert = yes")
                .asksCertificate());
    }
}
