// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on loopback that takes all mail, with the JDK's TLS. One thread a connection. */
final class TlsSite implements AutoCloseable {
    enum Mode {
        TLS,
        /** From the first byte on. */
        WRAPPED,
        /** STARTTLS is not offered. */
        NONE,
        /** STARTTLS is offered and refused. */
        REFUSED,
        /** What follows the answer to STARTTLS is no handshake. */
        BROKEN,
        /** The handshake ends in the middle of a record. */
        CUT,
        /** The handshake ends with a connection that is reset when it has begun. */
        RESET,
        /** More replies follow in the clear behind the answer to STARTTLS. */
        FORGED
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final SSLContext context = SSLContext.getInstance("TLS");
    private final Mode mode;
    /** Once the session is encrypted. */
    volatile boolean announcesRequireTls;
    /** Every command, with {@code tls } in front of those that were encrypted. */
    final List<String> commands = new CopyOnWriteArrayList<>();
    /** Each message whole, dots and all. */
    final List<String> messages = new CopyOnWriteArrayList<>();

    TlsSite(Mode mode, String certificate) throws IOException, GeneralSecurityException {
        this.mode = mode;
        KeyChain chain = KeyChain.read(TestCertificates.FILES, certificate + ".pem", certificate + ".key");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", chain.key(), new char[0], chain.certificateArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        context.init(factory.getKeyManagers(), null, null);
        Thread acceptor = new Thread(this::accept, "tls-site");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    String nextHop() {
        return "[127.0.0.1]:" + server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread session = new Thread(() -> serve(socket), "tls-site-session");
                session.setDaemon(true);
                session.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            Socket socket = mode == Mode.WRAPPED ? encrypted(plain) : plain;
            say(socket, "220 mx.b.test ESMTP");
            converse(socket);
        } catch (IOException e) {
            commands.add("lost");
        }
    }

    private Socket encrypted(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        return socket;
    }

    private static void say(Socket socket, String lines) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((lines + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void converse(Socket first) throws IOException {
        Socket socket = first;
        BufferedReader in = reader(socket);
        String line;
        while ((line = in.readLine()) != null) {
            boolean isSecure = socket instanceof SSLSocket;
            commands.add((isSecure ? "tls " : "") + line);
            String verb = line.split(" ", 2)[0];
            switch (verb) {
                case "EHLO" ->
                    say(
                            socket,
                            "250-mx.b.test\r\n250-PIPELINING\r\n"
                                    + (isSecure || mode == Mode.NONE ? "" : "250-STARTTLS\r\n")
                                    // In the clear it means nothing.
                                    + (announcesRequireTls || !isSecure ? "250-REQUIRETLS\r\n" : "") + "250 8BITMIME");
                case "STARTTLS" -> {
                    if (mode == Mode.REFUSED) {
                        say(socket, "454 4.7.0 TLS not available due to local problem");
                        continue;
                    }
                    say(socket, "220 2.0.0 Ready" + (mode == Mode.FORGED ? "\r\n250-evil\r\n250 SIZE 1" : ""));
                    if (mode == Mode.CUT) {
                        socket.getOutputStream().write(new byte[] {22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3});
                        return;
                    }
                    if (mode == Mode.RESET) {
                        socket.getInputStream().read();
                        socket.setSoLinger(true, 0);
                        return;
                    }
                    if (mode == Mode.BROKEN) {
                        say(socket, "this is no handshake");
                        return;
                    }
                    socket = encrypted(socket);
                    in = reader(socket);
                }
                case "DATA" -> {
                    say(socket, "354 go on");
                    StringBuilder message = new StringBuilder();
                    while (!(line = in.readLine()).equals(".")) {
                        message.append(line).append('\n');
                    }
                    messages.add(message.toString());
                    say(socket, "250 2.0.0 Ok");
                }
                case "QUIT" -> {
                    say(socket, "221 2.0.0 Bye");
                    return;
                }
                default -> say(socket, "250 2.1.0 Ok");
            }
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
