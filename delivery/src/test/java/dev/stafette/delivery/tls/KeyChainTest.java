// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyChainTest {
    private static String refusal(PemFiles files, String certificate, String key) {
        return assertThrows(TlsException.class, () -> KeyChain.read(files, certificate, key))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "server.pem, server.key, RSA",
        "server.pem, server-pkcs1.key, RSA",
        "server-ec.pem, server-ec.key, EC",
        "server-ec.pem, server-ec-sec1.key, EC",
        "server-ec.pem, server-ec-params.key, EC"
    })
    void readsKeysInAllTheirForms(String certificate, String key, String algorithm) {
        assertEquals(
                algorithm,
                KeyChain.read(TestCertificates.FILES, certificate, key).algorithm());
    }

    @Test
    void readsOneFileThatHasBoth() {
        List<KeyChain> chains = KeyChain.readAll(TestCertificates.FILES, List.of("chains.pem"));
        assertEquals(
                List.of("EC", "RSA"), chains.stream().map(KeyChain::algorithm).toList());
        assertEquals(
                2,
                KeyChain.readAll(
                                TestCertificates.FILES,
                                List.of("server.key", "server.pem", "ca.pem", "client.key", "client.pem"))
                        .get(0)
                        .certificates()
                        .size());
    }

    /** As OpenSSL does where a certificate stands alone. */
    @Test
    void isCompletedByWhoVouchesForIt() {
        List<X509Certificate> known = List.of(
                TestCertificates.FILES.certificates("old-ca.pem").get(0),
                TestCertificates.FILES.certificates("ca.pem").get(0),
                TestCertificates.FILES.certificates("stranger.pem").get(0));
        Authorities authorities = new Authorities(List.of(), known, 9);
        KeyChain alone = KeyChain.read(TestCertificates.FILES, "server.pem", "server.key");
        assertEquals(
                List.of(alone.certificates().get(0), known.get(1)),
                authorities.complete(alone).certificates());
        assertSame(alone, Authorities.NONE.complete(alone));
        KeyChain selfSigned = KeyChain.read(TestCertificates.FILES, "stranger.pem", "stranger.key");
        assertSame(selfSigned, authorities.complete(selfSigned));
        KeyChain asItStands = KeyChain.readAll(
                        TestCertificates.FILES, List.of("server.key", "server.pem", "client.pem"))
                .get(0);
        assertSame(asItStands, authorities.complete(asItStands));
    }

    @ParameterizedTest
    @CsvSource({
        "server.pem, server-ec.key, the private key is not that of the certificate in server.pem",
        "server-ec.pem, client.key, the private key is not that of the certificate in server-ec.pem",
        "server.pem, encrypted.key, ENCRYPTED PRIVATE KEY: it is encrypted (expected: a key without a password)",
        "server.pem, server.pem, no private key in it",
        "server.pem, missing.key, no such file"
    })
    void saysWhatIsWrong(String certificate, String key, String why) {
        assertEquals(key + ": " + why, refusal(TestCertificates.FILES, certificate, key));
    }

    @Test
    void saysWhatIsWrongWithAListOfChains() {
        assertEquals(
                "server.pem: a certificate stands before any private key",
                assertThrows(
                                TlsException.class,
                                () -> KeyChain.readAll(TestCertificates.FILES, List.of("server.pem", "server.key")))
                        .getMessage());
    }

    @Test
    void saysWhoMayNotReadAFile() {
        PemFiles closed = new PemFiles(file -> {
            throw new AccessDeniedException(file);
        });
        assertEquals(
                "a.pem: may not be read by the account that the mail system runs as",
                refusal(closed, "a.pem", "a.key"));
    }

    /** Wherever a file is cut off or changed, there is a reason and no other exception. */
    @Test
    void survivesBrokenFiles() throws IOException {
        for (String name : List.of("server-pkcs1.key", "server-ec-sec1.key", "server-ec-params.key", "server.pem")) {
            String text = TestCertificates.text(name);
            for (int i = 40; i < text.length() - 40; i += 7) {
                String changed = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
                PemFiles files = new PemFiles(file -> file.equals(name) ? changed : TestCertificates.text(file));
                try {
                    files.items(name);
                } catch (TlsException e) {
                    assertTrue(e.getMessage().startsWith(name + ": "), e.getMessage());
                }
            }
        }
    }
}
