// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TlsEngine;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients whose TLS is broken, or cut off, by both engines. */
class BrokenTlsIT extends TlsServer {
    private static final int HELLO_COUNT = 60;
    private static final int RECORD_HEADER_BYTES = 5;

    /** As the JDK begins, with the name of a server. */
    private static byte[] clientHello() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("sni.test")));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Some of its bytes are others, or what follows some byte does not come. */
    private static byte[] broken(byte[] hello, Random random) {
        byte[] broken = hello.clone();
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(broken, random.nextInt(broken.length));
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            // The handshake's lengths are in front.
            int at = random.nextBoolean() ? random.nextInt(Math.min(50, broken.length)) : random.nextInt(broken.length);
            broken[at] = (byte) random.nextInt();
        }
        return broken;
    }

    private void assertServes() throws Exception {
        try (SocketClient client = new SocketClient(new TlsClient().over(readyForTls()))) {
            assertEquals("250 2.0.0 Ok", client.ask("NOOP"));
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, false", "BORINGSSL, true", "JDK, false", "JDK, true"})
    void survivesABrokenHello(TlsEngine engine, boolean knowsNames) throws Exception {
        start(
                engine,
                knowsNames ? "tls_server_sni_maps = inline:{ {sni.test=/tls/stranger.key, /tls/stranger.pem} }" : "");
        byte[] hello = clientHello();
        Random random = new Random(12);
        for (int i = 0; i < HELLO_COUNT; i++) {
            try (Socket socket = readyForTls()) {
                socket.setSoTimeout(60_000);
                sayAtOnce(socket, broken(hello, random));
            }
        }
        assertServes();
        assertEquals(List.of(), warnings);
    }

    /** What comes behind a message's beginning, on the connection below TLS. */
    private void cutOff(byte[] rest) throws Exception {
        Socket plain = readyForTls();
        try (plain) {
            SocketClient client = new SocketClient(new TlsClient().over(plain));
            client.ask("EHLO c.test");
            client.ask("MAIL FROM:<a@a.test>");
            client.ask("RCPT TO:<u@b.test>");
            assertTrue(client.ask("DATA").startsWith("354 "));
            client.send("Subject: x\r\n\r\nhi\r\n.\r");
            plain.getOutputStream().write(rest);
            plain.shutdownOutput();
            drain(plain);
        }
    }

    /** A record that ends too early, or says what its keys did not seal, is nobody's word. */
    @ParameterizedTest
    @EnumSource
    void takesNoMessageThatIsCutOff(TlsEngine engine) throws Exception {
        start(engine);
        byte[] forged = new byte[RECORD_HEADER_BYTES + 40];
        new Random(12).nextBytes(forged);
        System.arraycopy(new byte[] {23, 3, 3, 0, 40}, 0, forged, 0, RECORD_HEADER_BYTES);
        for (byte[] rest : new byte[][] {{}, {23, 3, 3, 0, 100, 1, 2, 3}, {23, 3}, forged, "\n.\r\n".getBytes()}) {
            cutOff(rest);
        }
        assertServes();
        assertEquals(List.of(), queue.messages());
        assertLogged("lost connection after DATA (18 bytes) from " + CLIENT);
    }

    /** As Postfix does: its clients have the word. */
    @ParameterizedTest
    @EnumSource
    void showsACertificateThatHasExpired(TlsEngine engine) throws Exception {
        start(
                engine,
                "smtpd_tls_eccert_file =",
                "smtpd_tls_cert_file = /tls/expired.pem",
                "smtpd_tls_key_file = /tls/expired.key");
        assertEquals("CN=mx.b.test", new TlsClient().subject(readyForTls(), ""));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotTrustAClientWhoseCertificateHasExpired(TlsEngine engine) throws Exception {
        start(
                engine,
                "smtpd_tls_security_level = encrypt",
                "smtpd_tls_req_ccert = yes",
                "smtpd_tls_CAfile = /tls/old-ca.pem");
        try (SocketClient client = new SocketClient(new TlsClient("expired").over(readyForTls()))) {
            assertEquals("421 4.7.1 mx.b.test Error: Client certificate not trusted", client.ask("EHLO c.test"));
        }
        assertLogged("client certificate verification failed for " + CLIENT + ": certificate has expired");
    }
}
