// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.metrics.Stage;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS on loopback sockets, by both engines, against the client of the JDK. */
class StartTlsIT extends TlsServer {
    private static final String FINGERPRINT =
            "3C:E8:20:09:2E:3C:17:5B:19:B4:DF:5F:B9:35:A7:DB:24:49:3F:BE:6C:61:37:07:4D:66:50:E8:30:EC:8D:54";

    private static void deliver(SocketClient client) throws IOException {
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        assertEquals("250 2.1.0 Ok", client.reply());
        assertEquals("250 2.1.5 Ok", client.reply());
        assertTrue(client.reply().startsWith("354 "));
        assertTrue(client.ask("Subject: x\r\n\r\nhi\r\n.").startsWith("250 2.0.0 Ok: queued as "));
    }

    private static void quit(SocketClient client) throws IOException {
        assertEquals("221 2.0.0 Bye", client.ask("QUIT"));
        assertNull(client.reply());
    }

    @ParameterizedTest
    @EnumSource
    void takesMailBehindStartTls(TlsEngine engine) throws Exception {
        start(engine, "smtpd_helo_required = yes");
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            // What was said in the clear is forgotten.
            assertEquals("503 5.5.1 Error: send HELO/EHLO first", client.ask("MAIL FROM:<a@a.test>"));
            client.ask("EHLO c.test");
            assertEquals("554 5.5.1 Error: TLS already active", client.ask("STARTTLS"));
            deliver(client);
            quit(client);
        }
        String content = queue.messages().get(0).content();
        assertTrue(content.contains("\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"), content);
        assertTrue(content.contains(")\r\n\t(No client certificate requested)\r\n\tby mx.b.test "), content);
        assertTrue(content.contains(" with ESMTPS id "), content);
        assertLogged("Anonymous TLS connection established from " + CLIENT
                + ": TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)");
        assertLogged("disconnect from " + CLIENT + " ehlo=2 starttls=1/2 mail=1/2 rcpt=1 data=1 quit=1 commands=7/9");
    }

    /** RFC 8689 §2. */
    @Test
    void takesRequireTlsOnlyWhereItHasAnnouncedIt() throws Exception {
        start(TlsEngine.best(), "requiretls_enable = yes");
        String mail = "MAIL FROM:<a@a.test> REQUIRETLS";
        Socket socket = connected();
        SocketClient plain = new SocketClient(socket);
        plain.reply();
        assertFalse(plain.ask("EHLO c.test").contains("REQUIRETLS"));
        assertEquals("530 5.7.10 REQUIRETLS needs TLS: must issue a STARTTLS command first", plain.ask(mail));
        assertEquals("220 2.0.0 Ready to start TLS", plain.ask("STARTTLS"));
        try (SocketClient client = new SocketClient(new TlsClient().over(socket))) {
            client.ask("HELO c.test");
            assertEquals("555 5.5.4 Unsupported option: REQUIRETLS", client.ask(mail));
            assertTrue(client.ask("EHLO c.test").endsWith("250 REQUIRETLS"));
            assertEquals("250 2.1.0 Ok", client.ask(mail));
            client.send("RCPT TO:<u@b.test>\r\nDATA\r\n");
            assertEquals("250 2.1.5 Ok", client.reply());
            assertTrue(client.reply().startsWith("354 "));
            assertTrue(client.ask("Subject: x\r\n\r\nhi\r\n.").startsWith("250 2.0.0 Ok: queued as "));
            deliver(client);
        }
        assertEquals(TlsDemand.REQUIRED, queue.messages().get(0).envelope().tls());
        assertTrue(queue.messages().get(0).content().contains("\r\nRequire-TLS-ESMTP: yes\r\n\r\nhi"));
        assertEquals(TlsDemand.NONE, queue.messages().get(1).envelope().tls());
        assertFalse(queue.messages().get(1).content().contains("Require-TLS"));
    }

    @ParameterizedTest
    @EnumSource
    void takesMailWhereTlsComesFirst(TlsEngine engine) throws Exception {
        start(engine, "smtpd_tls_wrappermode = yes");
        try (SocketClient client = new SocketClient(new TlsClient().over(connected()))) {
            client.hello();
            deliver(client);
            quit(client);
        }
        assertTrue(queue.messages().get(0).content().contains(" with ESMTPS id "));
        assertLogged("disconnect from " + CLIENT + " ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
    }

    /** The handshake of a client that does not wait stands right behind what the proxy says. */
    @Test
    void findsTlsBehindAProxysWord() throws Exception {
        start(TlsEngine.best(), "smtpd_tls_wrappermode = yes", "smtpd_upstream_proxy_protocol = haproxy");
        Socket socket = connected();
        socket.getOutputStream().write("PROXY TCP4 192.0.2.9 127.0.0.1 4711 25\r\n".getBytes());
        try (SocketClient client = new SocketClient(new TlsClient().over(socket))) {
            client.hello();
            quit(client);
        }
        assertLogged("Anonymous TLS connection established from unknown[192.0.2.9]");
    }

    /** What somebody on the way has put in front of the handshake is nobody's word (CVE-2011-0411). */
    @ParameterizedTest
    @EnumSource
    void dropsWhatCameInTheClearBehindStartTls(TlsEngine engine) throws Exception {
        start(engine);
        Socket socket = connected();
        SocketClient plain = new SocketClient(socket).hello();
        plain.send("STARTTLS\r\nMAIL FROM:<forged@a.test>\r\nRCPT TO:<u@b.test>\r\n");
        assertEquals("220 2.0.0 Ready to start TLS", plain.reply());
        try (SocketClient client = new SocketClient(new TlsClient().over(socket))) {
            assertEquals("503 5.5.1 Error: need RCPT command", client.ask("DATA"));
            assertEquals("503 5.5.1 Error: need MAIL command", client.ask("RCPT TO:<u@b.test>"));
            quit(client);
        }
    }

    /** The answer to STARTTLS is said slowly, and in the clear. */
    @Test
    void waitsWithTheHandshakeForADelayedAnswer() throws Exception {
        start(TlsEngine.best(), "smtpd_soft_error_limit = 1", "smtpd_error_sleep_time = 1s");
        Socket socket = connected();
        SocketClient plain = new SocketClient(socket).hello();
        plain.ask("NONSENSE");
        plain.send("STARTTLS\r\nMAIL FROM:<forged@a.test>\r\n");
        assertEquals("220 2.0.0 Ready to start TLS", plain.reply());
        try (SocketClient client = new SocketClient(new TlsClient().over(socket))) {
            assertEquals("503 5.5.1 Error: need RCPT command", client.ask("DATA"));
        }
    }

    @Test
    void demandsTlsWhereItIsRequired() throws Exception {
        start(TlsEngine.best(), "smtpd_tls_security_level = encrypt");
        Socket socket = connected();
        SocketClient plain = new SocketClient(socket).hello();
        for (String command : List.of("MAIL FROM:<a@a.test>", "RSET", "VRFY u", "DATA", "AUTH PLAIN")) {
            assertEquals("530 5.7.0 Must issue a STARTTLS command first", plain.ask(command), command);
        }
        assertEquals("250 2.0.0 Ok", plain.ask("NOOP"));
        assertEquals("500 5.5.2 Error: command not recognized", plain.ask("NONSENSE"));
        assertEquals("501 5.5.4 Syntax: STARTTLS", plain.ask("STARTTLS now"));
        assertEquals("220 2.0.0 Ready to start TLS", plain.ask("STARTTLS"));
        try (SocketClient client = new SocketClient(new TlsClient().over(socket))) {
            client.ask("EHLO c.test");
            deliver(client);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtpd_tls_security_level = none | 502 5.5.1 Error: command not implemented",
                "smtpd_tls_security_level =      | 502 5.5.1 Error: command not implemented",
                "smtpd_discard_ehlo_keywords = starttls | 502 5.5.1 Error: command not implemented",
                "smtpd_tls_cert_file =           | 220 2.0.0 Ready to start TLS",
                "smtpd_tls_eccert_file =         | 220 2.0.0 Ready to start TLS",
            })
    void offersWhatItHas(String setting, String answer) throws IOException {
        start(TlsEngine.best(), setting);
        try (SocketClient client = new SocketClient(address).hello()) {
            assertEquals("250 2.1.0 Ok", client.ask("MAIL FROM:<a@a.test>"));
            assertEquals(answer, client.ask("STARTTLS"));
        }
    }

    @Test
    void hasNoTlsToOfferWithoutACertificate() throws IOException {
        start(TlsEngine.best(), "smtpd_tls_cert_file =", "smtpd_tls_eccert_file =");
        try (SocketClient client = new SocketClient(address).hello()) {
            assertEquals("454 4.7.0 TLS not available due to local problem", client.ask("STARTTLS"));
            assertEquals("250 2.1.0 Ok", client.ask("MAIL FROM:<a@a.test>"));
        }
        assertEquals(List.of("No server certs available. TLS can't be enabled"), warnings);
    }

    @ParameterizedTest
    @EnumSource
    void keepsToTheVersionsThatItMayUse(TlsEngine engine) throws Exception {
        start(
                engine,
                "smtpd_tls_protocols = <=TLSv1.2, >=TLSv1.2",
                "smtpd_tls_ciphers = high",
                "smtpd_tls_exclude_ciphers = AES256, CHACHA20, aECDSA");
        assertThrows(SSLException.class, () -> new TlsClient().over(readyForTls(), "TLSv1.3"));
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            quit(client);
        }
        assertLogged("SSL_accept error from " + CLIENT + ": -1");
        assertLogged("warning: TLS library problem: ");
        assertLogged("lost connection after STARTTLS from " + CLIENT);
        assertLogged("disconnect from " + CLIENT + " ehlo=1 starttls=0/1 commands=1/2");
        assertLogged("Anonymous TLS connection established from " + CLIENT
                + ": TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits)");
    }

    @ParameterizedTest
    @EnumSource
    void resumesSessions(TlsEngine engine) throws Exception {
        start(engine);
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            TlsClient twice = new TlsClient();
            for (int i = 0; i < 2; i++) {
                try (SocketClient client = new SocketClient(twice.over(readyForTls(), protocol))) {
                    quit(client);
                }
            }
            // Begun in another millisecond, which is all that the JDK knows a session by.
            Thread.sleep(2);
        }
        assertLogged("Anonymous TLS connection established from " + CLIENT + ": TLSv1.2 ");
        assertLogged("Anonymous TLS connection reused from " + CLIENT + ": TLSv1.2 ");
        assertLogged("Anonymous TLS connection reused from " + CLIENT + ": TLSv1.3 ");
        for (Stage stage : List.of(Stage.TLS_IN, Stage.TLS_IN_RESUMED)) {
            assertEquals(2, metrics.histogram(stage).getTotalCount(), stage.text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void knowsClientsByTheirCertificates(TlsEngine engine) throws Exception {
        start(engine, "smtpd_tls_ask_ccert = yes", "smtpd_tls_loglevel = 2");
        for (String name : List.of("client", "stranger")) {
            try (SocketClient client = new SocketClient(new TlsClient(name).over(readyForTls()))) {
                client.ask("EHLO c.test");
                deliver(client);
            }
        }
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            client.ask("EHLO c.test");
            deliver(client);
        }
        List<String> comments = List.of(
                "(Client CN \"client.a.test\", Issuer \"Test CA\" (verified OK))",
                "(Client CN \"stranger.test\", Issuer \"stranger.test\" (not verified))",
                "(Client did not present a certificate)");
        for (int i = 0; i < comments.size(); i++) {
            String content = queue.messages().get(i).content();
            assertTrue(content.contains("\r\n\t" + comments.get(i) + "\r\n\tby "), content);
        }
        assertLogged("Trusted TLS connection established from " + CLIENT);
        assertLogged("Untrusted TLS connection established from " + CLIENT);
        assertLogged(CLIENT + ": subject_CN=client.a.test, issuer=Test CA, fingerprint=3C:E8:20:09:");
    }

    @ParameterizedTest
    @EnumSource
    void turnsClientsAwayThatMustHaveACertificate(TlsEngine engine) throws Exception {
        start(engine, "smtpd_tls_security_level = encrypt", "smtpd_tls_req_ccert = yes");
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            assertEquals("421 4.7.1 mx.b.test Error: No client certificate presented", client.ask("EHLO c.test"));
            assertNull(client.reply());
        }
        try (SocketClient client = new SocketClient(new TlsClient("stranger").over(readyForTls()))) {
            assertEquals("421 4.7.1 mx.b.test Error: Client certificate not trusted", client.ask("EHLO c.test"));
        }
        try (SocketClient client = new SocketClient(new TlsClient("client").over(readyForTls()))) {
            client.ask("EHLO c.test");
            deliver(client);
        }
    }

    @Test
    void letsClientsRelayByTheirCertificates() throws Exception {
        start(
                TlsEngine.best(),
                "smtpd_tls_ask_ccert = yes",
                "smtpd_tls_fingerprint_digest = sha256",
                "relay_clientcerts = inline:{" + FINGERPRINT + "=client}",
                "smtpd_relay_restrictions = permit_tls_clientcerts, reject_unauth_destination",
                "smtpd_sender_restrictions = check_ccert_access inline:{ {" + FINGERPRINT + "=permit} }, permit");
        assertEquals("250 2.1.5 Ok", answerToRelay("client"));
        assertEquals("554 5.7.1 <u@far.test>: Relay access denied", answerToRelay("stranger"));
        assertEquals("554 5.7.1 <u@far.test>: Relay access denied", answerToRelay(null));
    }

    @Test
    void judgesClientsByTheirCertificates() throws Exception {
        start(
                TlsEngine.best(),
                "smtpd_tls_ask_ccert = yes",
                "smtpd_tls_fingerprint_digest = sha256",
                "smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination",
                "smtpd_client_restrictions = reject_plaintext_session," + " check_ccert_access inline:{ {" + FINGERPRINT
                        + "=450 not now} }");
        assertEquals("450 4.7.1 <unknown[127.0.0.1]>: Client certificate rejected: not now", answerToRelay("client"));
        assertEquals("554 5.7.1 <u@far.test>: Relay access denied", answerToRelay("stranger"));
        assertEquals("250 2.1.5 Ok", answerToRelay("server"));
        try (SocketClient client = new SocketClient(address).hello()) {
            client.ask("MAIL FROM:<a@a.test>");
            assertEquals("450 4.7.1 Session encryption is required", client.ask("RCPT TO:<u@b.test>"));
        }
    }

    /** {@code name}: of its certificate; null: it has none. */
    private String answerToRelay(@Nullable String name) throws Exception {
        try (SocketClient client = new SocketClient(new TlsClient(name).over(readyForTls()))) {
            client.ask("EHLO c.test");
            client.ask("MAIL FROM:<a@a.test>");
            return client.ask("RCPT TO:<u@far.test>");
        }
    }

    @Test
    void limitsTheHandshakesOfAClient() throws Exception {
        start(TlsEngine.best(), "smtpd_client_new_tls_session_rate_limit = 1");
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            quit(client);
        }
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            assertEquals("421 4.7.0 mx.b.test Error: too many new TLS sessions from " + CLIENT, client.reply());
        }
        try (SocketClient client = new SocketClient(address).hello()) {
            assertEquals("454 4.7.0 Error: too many new TLS sessions from " + CLIENT, client.ask("STARTTLS"));
        }
        assertLogged("warning: New TLS session rate limit exceeded: 2 from " + CLIENT + " for service smtp");
        assertLogged("warning: Refusing STARTTLS request from " + CLIENT + " for service smtp");
    }

    @Test
    void waitsNoLongerThanItMustForAHandshake() throws Exception {
        start(TlsEngine.best(), "smtpd_starttls_timeout = 1s");
        try (Socket socket = readyForTls()) {
            assertEquals(-1, socket.getInputStream().read());
        }
        assertLogged("SSL_accept error from " + CLIENT + ": Connection timed out");
    }

    /** A handshake costs the server more than the client: one is enough (RFC 5746 §5; OpenSSL 3 does not take another either). */
    @ParameterizedTest
    @EnumSource
    void shakesHandsOnce(TlsEngine engine) throws Exception {
        start(engine);
        try (SSLSocket socket = new TlsClient().over(readyForTls(), "TLSv1.2")) {
            SocketClient client = new SocketClient(socket);
            client.ask("EHLO c.test");
            String reply;
            try {
                socket.startHandshake();
                reply = client.ask("NOOP");
            } catch (IOException refused) {
                reply = null;
            }
            // The client sees an alert, or the end before it.
            assertNull(reply, "a second handshake");
        }
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            quit(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesWhatIsNoTls(TlsEngine engine) throws Exception {
        start(engine);
        byte[][] bad = {
            "EHLO c.test\r\n".getBytes(),
            {22, 3, 1, 0, 5, 1, 0, 0, 1, 0},
            {22, 3, 1, (byte) 0xff, (byte) 0xff, 1},
            {21, 3, 3, 0, 2, 2, 40},
            {23, 3, 3, 0, 1, 0},
            new byte[3000]
        };
        for (byte[] hello : bad) {
            try (Socket socket = readyForTls()) {
                sayAtOnce(socket, hello);
            }
        }
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            quit(client);
        }
        assertLogged("lost connection after STARTTLS from " + CLIENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtpd_tls_key_file = /tls/client.key | parameter 'smtpd_tls_cert_file': /tls/client.key: the private"
                        + " key is not that of the certificate in /tls/server.pem",
                "smtpd_tls_cert_file = /tls/none.pem  | parameter 'smtpd_tls_cert_file': /tls/none.pem: no such file",
                "smtpd_tls_chain_files = /tls/ca.pem  | parameter 'smtpd_tls_chain_files': /tls/ca.pem: a certificate"
                        + " stands before any private key",
                "smtpd_tls_protocols = SSLv3          | parameter 'smtpd_tls_protocols': SSLv3 (expected: versions"
                        + " such as >=TLSv1.2 or !TLSv1, which leave at least one from TLSv1 to TLSv1.3)",
                "smtpd_tls_ciphers = strong           | parameter 'smtpd_tls_ciphers': strong (expected: high, medium,"
                        + " low, export or null)",
                "smtpd_tls_security_level = some      | parameter 'smtpd_tls_security_level': some (expected: none,"
                        + " may, encrypt or nothing)",
            })
    void doesNotStartWithWhatCannotBeUsed(String line, String why) {
        String message = assertThrows(ConfigException.class, () -> settings(TlsEngine.best(), line))
                .getMessage();
        assertTrue(message.endsWith(why), message);
    }
}
