// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys by the name that a client asks for, by both engines, against the client of the JDK. */
class ServerNamesIT extends TlsServer {
    @ParameterizedTest
    @EnumSource
    void showsTheKeysOfTheNameThatAClientAsksFor(TlsEngine engine) throws Exception {
        String content = Base64.getEncoder()
                .encodeToString((TestCertificates.text("client.key") + TestCertificates.text("client.pem")).getBytes());
        start(
                engine,
                "tls_server_sni_maps = inline:{ {sni.test=/tls/stranger.key, /tls/stranger.pem}" + " {.b64.test="
                        + content + "} {broken.test=/tls/none.pem} {worse.test=AAA*} }");
        for (int i = 0; i < 2; i++) {
            assertEquals("CN=stranger.test", new TlsClient().subject(readyForTls(), "SNI.test"));
        }
        assertEquals("CN=client.a.test", new TlsClient().subject(readyForTls(), "a.very.b64.test"));
        for (String name : List.of("broken.test", "worse.test")) {
            Socket socket = readyForTls();
            assertThrows(SSLException.class, () -> new TlsClient().subject(socket, name), name);
        }
        assertTrue(
                warnings.get(0).startsWith("error loading chain from SNI data for broken.test: "), warnings::toString);
        assertEquals(
                List.of("error loading chain from SNI data for worse.test: malformed BASE64 value"),
                warnings.subList(1, warnings.size()));
        assertLogged("Anonymous TLS connection established from " + CLIENT + " to sni.test: TLSv1.3 with cipher ");
        assertLogged("SSL_accept error from " + CLIENT + ": -1");
        assertLogged("lost connection after STARTTLS from " + CLIENT);
    }

    @ParameterizedTest
    @EnumSource
    void showsTheUsualKeysToAllOthers(TlsEngine engine) throws Exception {
        start(engine, "tls_server_sni_maps = inline:{ {sni.test=/tls/stranger.key /tls/stranger.pem} }");
        assertEquals("CN=mx.b.test", new TlsClient().subject(readyForTls(), ""));
        assertEquals("CN=mx.b.test", new TlsClient().subject(readyForTls(), "below.sni.test"));
        Socket socket = readyForTls();
        if (engine == TlsEngine.BORINGSSL) {
            assertEquals("CN=mx.b.test", new TlsClient().subject(socket, "-x.test"));
        } else {
            assertThrows(SSLException.class, () -> new TlsClient().subject(socket, "-x.test"));
        }
        assertLogged("TLS SNI below.sni.test from " + CLIENT + " not matched, using default chain");
        assertLogged("warning: TLS SNI from " + CLIENT + " is invalid: -x.test");
        assertLogged("Anonymous TLS connection established from " + CLIENT + ": TLSv1.3 with cipher ");
    }

    @Test
    void showsNoKeysWhenATableDoesNotAnswer() throws Exception {
        start(TlsEngine.best(), "tls_server_sni_maps = fail:x");
        Socket socket = readyForTls();
        SSLException alert = assertThrows(SSLException.class, () -> new TlsClient().subject(socket, "b64.test"));
        assertTrue(String.valueOf(alert.getMessage()).contains("internal_error"), alert::toString);
        assertEquals(List.of("tls_server_sni_maps: b64.test map lookup problem"), warnings);
    }

    /** Before a name is known. */
    @Test
    void givesUpOnWhatIsNoHelloWithNames() throws Exception {
        String names = "tls_server_sni_maps = inline:{ {sni.test=/tls/stranger.key /tls/stranger.pem} }";
        start(TlsEngine.best(), "smtpd_starttls_timeout = 1s", names);
        try (Socket socket = readyForTls()) {
            assertEquals(-1, socket.getInputStream().read());
        }
        // Those that say something have the time for it.
        server.reload("smtp", settings(TlsEngine.best(), names), log.log());
        for (byte[] hello :
                new byte[][] {"EHLO c.test\r\n".getBytes(), {22, 3, 1, 0, 5, 1, 0, 0, 1, 0}, {22, 3, 1}, {}}) {
            try (Socket socket = readyForTls()) {
                sayAtOnce(socket, hello);
            }
        }
        assertLogged("SSL_accept error from " + CLIENT + ": Connection timed out");
        assertLogged("SSL_accept error from " + CLIENT + ": lost connection");
        assertLogged("SSL_accept error from " + CLIENT + ": -1");
    }
}
