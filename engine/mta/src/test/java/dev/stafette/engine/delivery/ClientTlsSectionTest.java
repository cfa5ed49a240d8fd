// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.Doubt;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each parameter changes in a client's TLS. */
class ClientTlsSectionTest {
    @TempDir
    private Path directory;

    private final FakeHost host = new FakeHost("mx.b.test");

    private ClientTls tls(String... lines) throws IOException {
        Settings settings = host.file("/tls/ca.pem", TestCertificates.text("ca.pem"))
                .configuration("smtp_tls_security_level = verify\n" + String.join("\n", lines), "")
                .settings();
        return ClientTlsSection.of(
                settings, ListTables.UNOPENED, (loop, domain, then) -> then.accept(null), event -> {}, warning -> {});
    }

    private TlsPolicy policy(String... lines) throws IOException {
        List<TlsPolicy> found = new ArrayList<>();
        tls(lines).policies().find(Runnable::run, "b.test", found::add);
        return found.get(0);
    }

    private @Nullable Doubt doubt(String... lines) throws IOException {
        X509Certificate[] chain =
                TestCertificates.FILES.certificates("server.pem").toArray(X509Certificate[]::new);
        return tls(lines).authorities().doubtOfServer(chain);
    }

    @Test
    void trustsThoseInADirectoryWhoseFilesHaveTheirHashes() throws IOException {
        String path = "smtp_tls_CApath = " + directory;
        assertNotNull(doubt());
        for (String name : List.of("ca.pem", "0a1b2c3d.0")) {
            assertNotNull(doubt(path));
            Path file = Files.createFile(directory.resolve(name));
            host.file(file.toString(), TestCertificates.text("ca.pem"));
        }
        assertNull(doubt(path));
        assertNull(doubt("smtp_tls_CAfile = /tls/ca.pem"));
        assertThrows(ConfigException.class, () -> tls("smtp_tls_CApath = /nowhere"));
    }

    @Test
    void matchesWhatItIsToldTo() throws IOException {
        assertEquals(
                List.of("a.test", ".b.test"),
                policy("smtp_tls_verify_cert_match = a.test:dot-nexthop").matches());
        assertEquals("b.test", policy("smtp_tls_servername = nexthop").serverName());
        assertEquals("sni.test", policy("smtp_tls_servername = sni.test").serverName());
        assertFalse(tls("tls_wildcard_matches_multiple_labels = no").starSpansLabels());
        assertTrue(tls().starSpansLabels());
    }

    @Test
    void hasItsTimesAndDigests() throws IOException {
        assertEquals(7, tls("smtp_starttls_timeout = 7s").timeout().toSeconds());
        assertEquals(
                Fingerprint.of("sha1"),
                tls("smtp_tls_fingerprint_digest = sha1").fingerprint());
        assertThrows(ConfigException.class, () -> tls("smtp_tls_fingerprint_digest = sha3"));
    }

    @Test
    void readsRecordsAsItIsToldTo() throws IOException {
        DaneTerms terms = Objects.requireNonNull(Objects.requireNonNull(policy(
                                "smtp_tls_security_level = dane",
                                "smtp_dns_support_level = dnssec",
                                "smtp_tls_dane_insecure_mx_policy = encrypt",
                                "smtp_tls_force_insecure_host_tlsa_lookup = yes",
                                "tls_dane_digests = sha256")
                        .rules())
                .dane());
        assertEquals(new DaneTerms(false, TlsLevel.ENCRYPT, List.of(1), true), terms);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp_tls_cert_file",
                "smtp_tls_eccert_file",
                "smtp_tls_chain_files",
                "smtp_tls_CAfile",
                "smtp_tls_trust_anchor_file"
            })
    void doesNotStartWithoutItsFiles(String name) {
        ConfigException refused = assertThrows(ConfigException.class, () -> tls(name + " = /nowhere.pem"));
        assertTrue(String.valueOf(refused.getMessage()).contains(name), refused.getMessage());
    }
}
