// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.sasl.ScramKeys;
import dev.stafette.delivery.tls.TlsEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins that are bound to their TLS session, by a client of its own (RFC 5802, RFC 7677, RFC 5929). */
class BoundLoginIT extends TlsServer {
    private static final String PASSED = "235 2.7.0 Authentication successful";
    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};

    @TempDir
    private Path directory;

    private Path users;

    @BeforeEach
    void addUser() throws Exception {
        users = directory.resolve("passwd");
        Files.writeString(
                users,
                "joe:{SCRAM-SHA-256}" + ScramKeys.of("secret", SALT, 4096).format() + "\n");
    }

    /** With one certificate. */
    private void open(TlsEngine engine, String... lines) throws Exception {
        String[] all = new String[lines.length + 5];
        all[0] = "smtpd_sasl_auth_enable = yes";
        all[1] = "smtpd_sasl_type = stafette";
        all[2] = "smtpd_sasl_path = " + users;
        all[3] = "smtpd_tls_eccert_file =";
        all[4] = "smtpd_tls_eckey_file =";
        System.arraycopy(lines, 0, all, 5, lines.length);
        start(engine, all);
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the server says last. */
    private static String logIn(SocketClient client, String mechanism, String header, byte[] data) throws Exception {
        String bare = "n=joe,r=abcdef";
        String challenge = client.ask("AUTH " + mechanism + ' ' + base64(utf8(header + bare)));
        if (!challenge.startsWith("334 ")) {
            return challenge;
        }
        String first = new String(Base64.getDecoder().decode(challenge.substring(4)), StandardCharsets.UTF_8);
        byte[] bound = new byte[header.length() + data.length];
        System.arraycopy(utf8(header), 0, bound, 0, header.length());
        System.arraycopy(data, 0, bound, header.length(), data.length);
        String last = "c=" + base64(bound) + ',' + first.substring(0, first.indexOf(','));
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec("secret".toCharArray(), SALT, 4096, 256))
                .getEncoded();
        byte[] key = hmac(salted, "Client Key");
        byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(key), bare + ',' + first + ',' + last);
        byte[] proof = new byte[key.length];
        for (int i = 0; i < proof.length; i++) {
            proof[i] = (byte) (key[i] ^ signature[i]);
        }
        String end = client.ask(base64(utf8(last + ",p=" + base64(proof))));
        return end.startsWith("334 ") ? client.ask("") : end;
    }

    /** The test's certificates are signed by SHA-256. */
    private static byte[] endPoint(SSLSocket socket) throws Exception {
        return MessageDigest.getInstance("SHA-256")
                .digest(socket.getSession().getPeerCertificates()[0].getEncoded());
    }

    @ParameterizedTest
    @EnumSource
    void letsInWhoIsAtTheOtherEndOfTheSession(TlsEngine engine) throws Exception {
        open(engine);
        // Who gets in between has his failures forgiven, and waits no longer for the next; SaslTest has all the
        // headers.
        String[][] asked = {
            {"SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", "right", "235"},
            {"SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", "wrong", "535"},
            {"scram-sha-256-plus", "p=tls-server-end-point,,", "right", "235"},
            // Somebody in between has taken the offer away.
            {"SCRAM-SHA-256", "y,,", "", "535"},
            {"SCRAM-SHA-256", "n,,", "", "235"},
        };
        for (String[] one : asked) {
            SSLSocket socket = new TlsClient().over(readyForTls());
            try (SocketClient client = new SocketClient(socket)) {
                client.ask("EHLO c.test");
                byte[] data = one[2].isEmpty() ? new byte[0] : endPoint(socket);
                if (one[2].equals("wrong")) {
                    data[0] ^= 1;
                }
                String said = logIn(client, one[0], one[1], data);
                assertTrue(said.startsWith(one[3]), String.join(" ", one) + ": " + said);
                if (one[3].equals("235")) {
                    assertEquals(PASSED, said);
                }
            }
        }
    }

    /** Of several certificates it is the one that this client was shown, whichever engine has chosen it. */
    @ParameterizedTest
    @EnumSource
    void isBoundToTheCertificateThatWasShown(TlsEngine engine) throws Exception {
        open(engine, "smtpd_tls_eccert_file = /tls/server-ec.pem", "smtpd_tls_eckey_file = /tls/server-ec.key");
        TlsClient tls = new TlsClient();
        for (String kind : new String[] {"RSA", "ECDSA"}) {
            SSLSocket socket = tls.bySuite(readyForTls(), "TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256");
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertEquals(kind.equals("RSA") ? "RSA" : "EC", shown.getPublicKey().getAlgorithm());
            assertTrue(isOfferedAndPasses(socket), kind);
        }
        assertTrue(isOfferedAndPasses(tls.over(readyForTls(), "TLSv1.3")));
        // It goes on with the keys of the one before: of several certificates BoringSSL does not know its own any more,
        // and what
        // cannot be had is not offered.
        isOfferedAndPasses(tls.over(readyForTls(), "TLSv1.3"));
    }

    /** Two at once, each with another certificate; and the names that clients ask for have their own. */
    @ParameterizedTest
    @EnumSource
    void isBoundToTheOneOfThisVeryHandshake(TlsEngine engine) throws Exception {
        open(
                engine,
                "smtpd_tls_eccert_file = /tls/server-ec.pem",
                "smtpd_tls_eckey_file = /tls/server-ec.key",
                "smtpd_tls_session_cache_timeout = 0",
                "tls_server_sni_maps = inline:{ {sni.test=/tls/stranger.key, /tls/stranger.pem} }");
        TlsClient tls = new TlsClient();
        SSLSocket rsa = tls.bySuite(readyForTls(), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        SSLSocket ec = tls.bySuite(readyForTls(), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertTrue(isOfferedAndPasses(rsa));
        assertTrue(isOfferedAndPasses(ec));
        assertTrue(isOfferedAndPasses(tls.over(readyForTls(), "TLSv1.3")));
    }

    /** By the certificate that this client has seen, where it may. */
    private static boolean isOfferedAndPasses(SSLSocket socket) throws Exception {
        try (SocketClient client = new SocketClient(socket)) {
            boolean isOffered = client.askForAll("EHLO c.test").toString().contains("SCRAM-SHA-256-PLUS");
            String header = isOffered ? "p=tls-server-end-point,," : "y,,";
            byte[] data = isOffered ? endPoint(socket) : new byte[0];
            assertEquals(PASSED, logIn(client, isOffered ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256", header, data));
            return isOffered;
        }
    }

    @Test
    void namesUsersWithTheirDomain() throws Exception {
        open(
                TlsEngine.best(),
                "smtpd_sasl_local_domain = b.test",
                "smtpd_sasl_authenticated_header = yes",
                "smtpd_relay_restrictions = permit_sasl_authenticated, reject");
        try (SocketClient client = new SocketClient(connected()).hello()) {
            assertEquals(PASSED, logIn(client, "SCRAM-SHA-256", "n,,", new byte[0]));
            client.ask("MAIL FROM:<a@a.test>");
            client.ask("RCPT TO:<u@b.test>");
            assertTrue(client.ask("DATA").startsWith("354 "));
            client.send("Subject: x\r\n\r\nhi\r\n.\r\n");
            assertTrue(client.reply().startsWith("250 "));
        }
        String content = queue.messages().get(0).content();
        assertTrue(content.contains("(Authenticated sender: joe@b.test)"), content);
    }

    @Test
    void isNotOfferedWithoutTlsOrWhereItIsFilteredOut() throws Exception {
        open(TlsEngine.best(), "smtpd_sasl_mechanism_filter = !scram-sha-256-plus, static:all");
        try (SocketClient client = new SocketClient(connected()).hello()) {
            assertFalse(logIn(client, "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", new byte[32])
                    .startsWith("235"));
            assertEquals(PASSED, logIn(client, "SCRAM-SHA-256", "y,,", new byte[0]));
        }
        SSLSocket socket = new TlsClient().over(readyForTls());
        try (SocketClient client = new SocketClient(socket)) {
            client.ask("EHLO c.test");
            assertEquals(PASSED, logIn(client, "SCRAM-SHA-256", "y,,", new byte[0]));
        }
    }
}
