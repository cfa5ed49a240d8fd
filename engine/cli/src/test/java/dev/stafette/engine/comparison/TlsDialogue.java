// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** What a server answers to a client that says STARTTLS in all the wrong places, too. */
final class TlsDialogue {
    private static final int READ_MS_MAX = 60_000;
    private static final List<String> IN_CLEAR =
            List.of("NOOP", "EHLO c.test", "MAIL FROM:<s@a.test>", "RSET", "AUTH PLAIN", "STARTTLS now");
    private static final List<String> WITHIN = List.of(
            "EHLO c.test", "STARTTLS", "MAIL FROM:<s@a.test>", "STARTTLS", "RCPT TO:<u@b.test>", "RSET", "QUIT");

    private final List<String> said = new ArrayList<>();
    private Socket socket;
    private BufferedReader in;

    private TlsDialogue(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_MS_MAX);
        listen();
    }

    private void listen() throws IOException {
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** {@code certificate}: that the client has; empty: none. */
    static List<String> with(int port, String certificate, boolean isWrapped)
            throws IOException, GeneralSecurityException {
        TlsDialogue dialogue = new TlsDialogue(port);
        try {
            if (isWrapped) {
                dialogue.shakeHands(certificate);
            }
            dialogue.reply();
            if (!isWrapped) {
                dialogue.startTls(certificate);
            }
            for (String command : WITHIN) {
                dialogue.say(command);
            }
        } finally {
            dialogue.socket.close();
        }
        return dialogue.said;
    }

    /** Of a client that begins TLS as it should, and says these there. */
    static List<String> within(int port, String... commands) throws IOException, GeneralSecurityException {
        TlsDialogue dialogue = new TlsDialogue(port);
        try {
            dialogue.reply();
            dialogue.say("EHLO c.test");
            dialogue.say("STARTTLS");
            dialogue.shakeHands("");
            for (String command : commands) {
                dialogue.say(command);
            }
        } finally {
            dialogue.socket.close();
        }
        return dialogue.said;
    }

    private void startTls(String certificate) throws IOException, GeneralSecurityException {
        for (String command : IN_CLEAR) {
            say(command);
        }
        if (say("STARTTLS").startsWith("220")) {
            shakeHands(certificate);
        }
    }

    private void shakeHands(String certificate) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (!certificate.isEmpty()) {
            KeyChain chain = KeyChain.read(TestCertificates.FILES, certificate + ".pem", certificate + ".key");
            store.setKeyEntry("key", chain.key(), new char[0], chain.certificateArray());
        }
        keys.init(store, new char[0]);
        context.init(keys.getKeyManagers(), new TrustManager[] {new AnyCertificate(List.of())}, null);
        SSLSocket within =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "mx.b.test", socket.getPort(), true);
        within.setSoTimeout(READ_MS_MAX);
        within.startHandshake();
        socket = within;
        listen();
        said.add("TLS");
    }

    private String say(String command) throws IOException {
        said.add("C: " + command);
        try {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return reply();
        } catch (IOException closed) {
            return end();
        }
    }

    private String reply() throws IOException {
        String line;
        do {
            line = in.readLine();
            if (line == null) {
                return end();
            }
            said.add("S: " + line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return line;
    }

    private String end() {
        said.add("closed");
        return "";
    }
}
