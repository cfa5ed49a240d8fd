// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LMTP with a server behind a socket in the file system. */
@Timeout(120)
@SuppressWarnings("try") // Servers are there to be closed.
class LmtpSocketIT {
    @TempDir
    private Path directory;

    private final AtomicInteger connections = new AtomicInteger();

    /** Takes every message for every recipient. */
    private ServerSocketChannel server(String name) throws IOException {
        Path file = Files.createDirectories(directory.resolve("private")).resolve(name);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(file));
        Thread acceptor = new Thread(() -> accept(listener), "lmtp-server");
        acceptor.setDaemon(true);
        acceptor.start();
        return listener;
    }

    private void accept(ServerSocketChannel listener) {
        while (listener.isOpen()) {
            try (SocketChannel socket = listener.accept()) {
                connections.incrementAndGet();
                serve(socket);
            } catch (IOException over) {
                return;
            }
        }
    }

    private static void serve(SocketChannel socket) throws IOException {
        BufferedReader in = new BufferedReader(Channels.newReader(socket, StandardCharsets.US_ASCII));
        Writer out = Channels.newWriter(socket, StandardCharsets.US_ASCII);
        say(out, "220 box.test LMTP");
        int recipientCount = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("RCPT")) {
                recipientCount++;
                say(out, "250 2.1.5 ok");
            } else if (line.equals("DATA")) {
                say(out, "354 go");
                while (!".".equals(in.readLine())) {
                    // What it says does not matter.
                }
                for (; recipientCount > 0; recipientCount--) {
                    say(out, "250 2.0.0 saved");
                }
            } else {
                say(out, line.startsWith("LHLO ") || !line.contains("HLO") ? "250 box.test" : "500 what");
            }
        }
    }

    private static void say(Writer out, String line) throws IOException {
        out.write(line + "\r\n");
        out.flush();
    }

    private SmtpClientSettings settings(boolean assumesFinal) {
        return Courier.settings().withLmtp(new LmtpSettings(assumesFinal, directory));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheSocketBelowTheQueueDirectoryAndKeepsTheConnection(boolean epoll) throws Exception {
        try (ServerSocketChannel listener = server("box");
                Courier courier = new Courier(settings(false), Courier.routes(), epoll)) {
            for (int i = 1; i <= 3; i++) {
                DeliveryOutcome outcome =
                        Courier.await(courier.send("unix:private/box")).outcomes()[0];
                assertEquals("sent 2.0.0 250 2.0.0 saved", Courier.show(outcome));
                assertEquals(Courier.MY_HOSTNAME + "[private/box]", outcome.relay());
                assertEquals(i, outcome.connectionUseCount());
                assertEquals(Handover.RELAYED, outcome.handover());
            }
            assertEquals(1, connections.get());
            // By its full name it is the same socket.
            String absolute = directory.resolve("private/box").toString();
            assertEquals(
                    "sent 2.0.0 250 2.0.0 saved",
                    Courier.show(Courier.await(courier.send("unix:" + absolute)).outcomes()[0]));
            assertEquals(1, connections.get());
        }
    }

    @Test
    void takesTheServerForTheMailboxWhereThatIsAssumed() throws Exception {
        try (ServerSocketChannel listener = server("box");
                Courier courier = new Courier(settings(true), Courier.routes())) {
            assertEquals(
                    Handover.FINAL,
                    Courier.await(courier.send("unix:private/box"))
                            .outcomes()[0]
                            .handover());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void defersWhereThereIsNoSocket(boolean epoll) throws Exception {
        try (Courier courier = new Courier(settings(false), Courier.routes(), epoll)) {
            DeliveryOutcome outcome =
                    Courier.await(courier.send("unix:private/none")).outcomes()[0];
            assertEquals(
                    "deferred 4.4.1 connect to relay.test[private/none]: No such file or directory",
                    Courier.show(outcome));
            assertEquals("none", outcome.relay());
        }
    }

    @Test
    void defersWhereNobodyListensAnyMore() throws Exception {
        server("box").close();
        try (Courier courier = new Courier(settings(false), Courier.routes())) {
            assertEquals(
                    "deferred 4.4.1 connect to relay.test[private/box]: Connection refused",
                    Courier.show(Courier.await(courier.send("unix:private/box")).outcomes()[0]));
        }
    }

    @Test
    void takesHostsWithOrWithoutTheWordForTheKindOfAddress() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.send("220 box.test\r\n");
                    wire.readLine();
                    wire.send("500 no\r\n");
                    wire.readLine();
                });
                Courier courier = new Courier(settings(false), Courier.routes())) {
            assertEquals(
                    "bounced 5.0.0 host 127.0.0.1[127.0.0.1] refused to talk to me: 500 no",
                    Courier.show(Courier.await(courier.send("inet:127.0.0.1:" + site.port()))
                            .outcomes()[0]));
            site.verify();
        }
    }
}
