// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.TicketKeys;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A server with TLS on a loopback socket, for tests; its log. */
class TlsServer {
    private static final List<String> MAIN_CF = List.of(
            "smtpd_tls_cert_file = /tls/server.pem",
            "smtpd_tls_key_file = /tls/server.key",
            "smtpd_tls_eccert_file = /tls/server-ec.pem",
            "smtpd_tls_eckey_file = /tls/server-ec.key",
            "smtpd_tls_CAfile = /tls/ca.pem",
            "smtpd_tls_loglevel = 1",
            "smtpd_tls_received_header = yes",
            "smtpd_tls_security_level = may");

    static final String CLIENT = "unknown[127.0.0.1]";
    final KeptQueue queue = new KeptQueue();
    final KeptLog log = new KeptLog();
    final Metrics metrics = new Metrics(0);
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final List<String> warnings = new ArrayList<>();
    SmtpServer server;
    InetSocketAddress address;

    void start(TlsEngine engine, String... mainCfLines) throws IOException {
        server = new SmtpServer(new SmtpServerParts(
                group,
                queue,
                metrics,
                SmtpServerIT.NO_DNS,
                ZoneOffset.UTC,
                SmtpServerParts.BODY_BYTES_MAX,
                TestHost.ROOM.sessionsMax()));
        server.listen(
                "smtp",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                settings(engine, mainCfLines),
                log.log());
        address = server.addresses().get(0);
    }

    SmtpServiceSettings settings(TlsEngine engine, String... mainCfLines) {
        List<String> lines = new ArrayList<>(MAIN_CF);
        lines.addAll(List.of(mainCfLines));
        return TestHost.service(
                new ServerContexts(() -> engine, new TicketKeys(), TestHost.tables(), Runnable::run, warnings::add),
                lines);
    }

    @AfterEach
    void stop() {
        if (server != null && !group.isShuttingDown()) {
            server.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }

    Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        return socket;
    }

    /** As far as the answer to STARTTLS. */
    Socket readyForTls() throws IOException {
        Socket socket = connected();
        assertEquals(
                "220 2.0.0 Ready to start TLS", new SocketClient(socket).hello().ask("STARTTLS"));
        return socket;
    }

    /** Says all of it, and no more. */
    static void sayAtOnce(Socket socket, byte[] what) {
        try {
            socket.getOutputStream().write(what);
            socket.shutdownOutput();
        } catch (IOException e) {
            // Reset: the server has heard enough, and hung up.
        }
        drain(socket);
    }

    /** Until the server hangs up, and however it does. */
    static void drain(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            while (in.read() >= 0) {
                // An alert, or a handshake that nobody goes on with.
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it does not hang up", e);
        } catch (IOException e) {
            // Reset: it did not read all of it.
        }
    }

    /** Ends the server, with all that its loop has to do. */
    void assertLogged(String start) {
        stop();
        List<String> lines = log.lines();
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("smtpd: " + start)), lines.toString());
    }
}
