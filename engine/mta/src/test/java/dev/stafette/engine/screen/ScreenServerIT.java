// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.smtp.PassGate;
import dev.stafette.engine.smtp.PassedClients;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.TicketKeys;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A screen on real sockets. */
@Timeout(180)
class ScreenServerIT {
    /** A measurement of more is made with {@code -Dscreen.connections=20000}. */
    private static final int CONNECTIONS = Integer.getInteger("screen.connections", 300);

    /** What one that waits may take of the heap, beside the channel's own; descriptors are the system's. */
    private static final long BYTES_MAX = 8 << 10;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            2, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final KeptLog log = new KeptLog();
    private final PassedClients passed = new PassedClients(1 << 20);
    private ScreenServer server;
    private InetSocketAddress address;

    @BeforeEach
    void create() {
        DnsSettings dns = new DnsSettings(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)), Duration.ofSeconds(1), 100);
        DnsClients names = new DnsClients(dns, loops);
        server = new ScreenServer(new ScreenParts(loops, PassedClients.room(1 << 20), names::of, Runnable::run));
    }

    private static ScreenSettings settings(String... mainCf) {
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.7",
                "myhostname = mx.b.test",
                "mynetworks =",
                "smtpd_banner = mx.b.test ESMTP",
                "postscreen_cache_map ="));
        lines.addAll(List.of(mainCf));
        Configuration configuration = host().configuration(String.join("\n", lines), "0 inet n - n - 1 postscreen");
        ListTables tables = new OpenTables(new TableHost(
                TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));
        return ScreenSettings.of(
                configuration.settings(),
                configuration.services().get(0),
                tables,
                new ServerContexts(
                        TlsEngine::best, new TicketKeys(), ListTables.UNOPENED, Runnable::run, warning -> {}));
    }

    private static FakeHost host() {
        FakeHost host = new FakeHost("mx.b.test");
        try {
            for (String file : List.of("server.pem", "server.key")) {
                host.file("/tls/" + file, TestCertificates.text(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return host;
    }

    private void listen(String... mainCf) throws IOException {
        listen(passed.gate(), mainCf);
    }

    private void listen(PassGate passGate, String... mainCf) throws IOException {
        server.listen(
                "0",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                settings(mainCf),
                log.log(),
                passGate);
        address = server.addresses().get(0);
    }

    @AfterEach
    void close() {
        end();
        passed.close();
        log.close();
    }

    /** Of the server and all that its loops have to do. */
    private void end() {
        if (!loops.isShuttingDown()) {
            server.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void believesAProxyWhoTheClientIsAndWhereItCameTo() throws IOException {
        listen(
                "postscreen_upstream_proxy_protocol = haproxy",
                "postscreen_allowlist_interfaces = !198.51.100.1 static:all",
                "postscreen_access_list = inline:{{192.0.2.66=reject}}",
                "postscreen_denylist_action = drop",
                "postscreen_greet_banner =");
        assertEquals(
                List.of("521 5.3.2 Service currently unavailable"),
                said("PROXY TCP4 192.0.2.66 198.51.100.2 4711 25\r\n"));
        assertEquals(
                List.of("220 mx.b.test ESMTP", "221 2.0.0 Bye"),
                said("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nQUIT\r\n"));
        assertEquals(List.of("421 4.3.2 No system resources"), said("EHLO c.test\r\n"));
        List<String> lines = log.lines();
        assertTrue(lines.contains("postscreen: CONNECT from [192.0.2.7]:4711 to [198.51.100.1]:25"), lines::toString);
        assertTrue(lines.contains("postscreen: ALLOWLIST VETO [192.0.2.7]:4711"), lines::toString);
        assertTrue(
                lines.contains("postscreen: warning: haproxy read: unexpected protocol header: EHLO c.test??"),
                lines::toString);
    }

    @Test
    void goesByWhatAReloadHasReadForClientsThatComeThen() throws IOException {
        // It need not hurry to speak too early.
        listen("postscreen_greet_action = drop", "postscreen_greet_wait = 100s");
        try (Socket before = new Socket(address.getAddress(), address.getPort())) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(before.getInputStream(), StandardCharsets.US_ASCII));
            assertEquals("220-mx.b.test ESMTP", in.readLine());
            server.reload(
                    "0", settings("postscreen_access_list = reject", "postscreen_denylist_action = drop"), log.log());
            assertEquals(List.of("521 5.3.2 Service currently unavailable"), said(""));
            before.getOutputStream().write('x');
            assertEquals("521 5.5.1 Protocol error", in.readLine());
        }
    }

    @Test
    void sendsAwayWhoPassesWhereThereAreNoSessions() throws IOException {
        listen((PassGate) null, "postscreen_greet_banner =");
        assertEquals(List.of("421 4.3.2 All server ports are busy"), said(""));
        assertTrue(log.lines()
                .contains("postscreen: warning: cannot connect to service private/smtpd: No such file or directory"));
    }

    @Test
    void talksWithinTlsToAClientThatIsTested() throws Exception {
        listen(
                "postscreen_non_smtp_command_enable = yes",
                "postscreen_greet_banner =",
                "postscreen_tls_security_level = encrypt",
                "postscreen_tls_loglevel = 1",
                "postscreen_tls_cert_file = /tls/server.pem",
                "postscreen_tls_key_file = /tls/server.key");
        try (Socket plain = new Socket(address.getAddress(), address.getPort())) {
            plain.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII));
            assertEquals("220 mx.b.test ESMTP", in.readLine());
            say(plain, "EHLO a.test\r\n");
            assertTrue(reply(in).contains("250-STARTTLS"));
            say(plain, "MAIL FROM:<a@a.test>\r\n");
            assertEquals(List.of("530 5.7.0 Must issue a STARTTLS command first"), reply(in));
            // What comes in the clear behind it is dropped.
            say(plain, "STARTTLS\r\nMAIL FROM:<mallory@a.test>\r\n");
            assertEquals(List.of("220 2.0.0 Ready to start TLS"), reply(in));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate(List.of())}, null);
            try (Socket tls = context.getSocketFactory().createSocket(plain, "mx.b.test", plain.getPort(), true)) {
                BufferedReader sealed =
                        new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.US_ASCII));
                say(tls, "RCPT TO:<b@b.test>\r\n");
                assertEquals(List.of("503 5.5.1 Error: need MAIL command"), reply(sealed));
                say(tls, "EHLO c.test\r\n");
                List<String> offered = reply(sealed);
                assertTrue(!offered.contains("250-STARTTLS"), offered::toString);
                say(tls, "STARTTLS\r\n");
                assertEquals(List.of("554 5.5.1 Error: TLS already active"), reply(sealed));
                say(tls, "MAIL FROM:<a@a.test>\r\n");
                assertEquals(List.of("250 2.1.0 Ok"), reply(sealed));
                say(tls, "RCPT TO:<b@b.test>\r\n");
                assertEquals(List.of("450 4.3.2 Service currently unavailable"), reply(sealed));
                say(tls, "QUIT\r\n");
                assertEquals(List.of("221 2.0.0 Bye"), reply(sealed));
            }
        }
        try (Socket plain = new Socket(address.getAddress(), address.getPort())) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            say(plain, "STARTTLS\r\n");
            in.readLine();
            say(plain, "this is no handshake\r\n");
            while (in.readLine() != null) {
                // Until it hangs up.
            }
        }
        // What is said about a connection may come behind its end.
        end();
        String lines = String.join("\n", log.lines()).replaceAll("\\]:\\d+", "]:PORT");
        for (String line : List.of(
                "tlsproxy: CONNECT from [127.0.0.1]:PORT",
                "tlsproxy: Anonymous TLS connection established from [127.0.0.1]:PORT: TLSv1.3 with cipher",
                "tlsproxy: DISCONNECT [127.0.0.1]:PORT",
                "proto=ESMTP, helo=<c.test>",
                "tlsproxy: SSL_accept error from [127.0.0.1]:PORT: -1",
                "postscreen: HANGUP after")) {
            assertTrue(lines.contains(line), line + "\n" + lines);
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static List<String> reply(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = in.readLine();
            lines.add(line);
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        return lines;
    }

    private List<String> said(String text) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            List<String> lines = new ArrayList<>();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
            return lines;
        }
    }

    @Test
    void takesLittleOfTheHeapForEachThatWaits() throws Exception {
        listen(
                "postscreen_greet_wait = 100s",
                "postscreen_pre_queue_limit = 1000000",
                "postscreen_client_connection_count_limit = 0");
        List<SocketChannel> clients = new ArrayList<>();
        try {
            open(clients, 50);
            long before = heapBytes();
            open(clients, CONNECTIONS);
            long each = (heapBytes() - before) / CONNECTIONS;
            System.out.println("a screened connection: " + each + " bytes of heap, of " + CONNECTIONS);
            assertTrue(each < BYTES_MAX, () -> each + " bytes");
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    /** Each has been told half of the greeting. */
    private void open(List<SocketChannel> clients, int count) throws IOException {
        ByteBuffer teaser = ByteBuffer.allocateDirect(100);
        for (int i = 0; i < count; i++) {
            SocketChannel client = SocketChannel.open();
            clients.add(client);
            byte[] from = {127, 0, (byte) (1 + clients.size() / 200), (byte) (1 + clients.size() % 200)};
            client.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
            client.connect(address);
            teaser.clear();
            client.read(teaser);
        }
    }

    private static long heapBytes() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
