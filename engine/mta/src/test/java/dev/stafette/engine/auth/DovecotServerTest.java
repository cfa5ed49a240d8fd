// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.PortNames;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of Dovecot's protocol, with a Dovecot that the test plays. */
@Timeout(180)
class DovecotServerTest {
    private static final String HANDSHAKE =
            "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tX\tprivate\nMECH\tSCRAM-SHA-256\tmutual-auth\tnews\n"
                    + "SPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n";
    private static final AuthReply LOST = new AuthReply.Rejected("Connection lost to authentication server", "", true);
    private static final AuthRequest REQUEST =
            new AuthRequest("PLAIN", "AAAA", "smtp", "192.0.2.1", "192.0.2.7", true, null);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private ServerSocket listener;
    private AuthServers servers;
    private AuthServer server;

    /** One connection, as Dovecot sees it. */
    private record Peer(Socket socket, BufferedReader in) implements AutoCloseable {
        String line() throws IOException {
            return String.valueOf(in.readLine());
        }

        void say(String lines) throws IOException {
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        servers = new AuthServers(group, Runnable::run, Path.of("/c"), warnings::add);
        server = Objects.requireNonNull(
                servers.openDovecot("inet:127.0.0.1:" + listener.getLocalPort(), PortNames.NONE));
    }

    @AfterEach
    void close() throws IOException {
        servers.close();
        listener.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Peer accept() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout(60_000);
        return new Peer(
                socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
    }

    private Peer acceptAndShakeHands() throws IOException {
        Peer peer = accept();
        assertEquals("VERSION\t1\t1", peer.line());
        assertTrue(peer.line().startsWith("CPID\t"));
        peer.say(HANDSHAKE);
        return peer;
    }

    private BlockingQueue<List<AuthMechanism>> askForMechanisms() {
        BlockingQueue<List<AuthMechanism>> found = new ArrayBlockingQueue<>(4);
        var loop = (io.netty.channel.EventLoop) group.iterator().next();
        loop.execute(() -> server.findMechanisms(loop, found::add));
        return found;
    }

    private final BlockingQueue<AuthReply> replies = new ArrayBlockingQueue<>(16);

    private AuthExchange begin(AuthRequest request) throws Exception {
        var loop = (io.netty.channel.EventLoop) group.iterator().next();
        return loop.submit(() -> server.begin(loop, request, replies::add)).get();
    }

    private void inLoop(Runnable task) {
        group.iterator().next().execute(task);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(60, TimeUnit.SECONDS), "nothing");
    }

    @Test
    @SuppressWarnings("try")
    void readsTheMechanismsAndLeavesOutWhatIsNotForClients() throws Exception {
        var found = askForMechanisms();
        try (Peer peer = acceptAndShakeHands()) {
            assertEquals(
                    List.of(
                            new AuthMechanism("PLAIN", EnumSet.of(SecurityProperty.PLAINTEXT)),
                            new AuthMechanism("SCRAM-SHA-256", EnumSet.of(SecurityProperty.MUTUAL_AUTH))),
                    next(found));
        }
    }

    @Test
    void servesManyClientsByOneConnection() throws Exception {
        AuthExchange first = begin(new AuthRequest("SCRAM-SHA-256", null, "smtp", "", "192.0.2.7", false, null));
        begin(REQUEST);
        try (Peer peer = acceptAndShakeHands()) {
            assertEquals("AUTH\t1\tSCRAM-SHA-256\tservice=smtp\tnologin\tlip=\trip=192.0.2.7", peer.line());
            assertEquals(
                    "AUTH\t2\tPLAIN\tservice=smtp\tnologin\tlip=192.0.2.1\trip=192.0.2.7\tsecured\tresp=AAAA",
                    peer.line());
            peer.say("NEWS\t1\nOK\t99\tuser=x\nOK\t2\tuser=joe\tnologin\nCONT\t1\teA==\n");
            assertEquals(new AuthReply.Accepted("joe"), next(replies));
            assertEquals(new AuthReply.Challenge("eA=="), next(replies));
            inLoop(() -> first.respond("QUJD", replies::add));
            assertEquals("CONT\t1\tQUJD", peer.line());
            peer.say("FAIL\t1\tuser=ann\treason=Go away\n");
            assertEquals(new AuthReply.Rejected("Go away", "ann", false), next(replies));
        }
    }

    @Test
    void knowsWhatIsForTheTimeBeing() throws Exception {
        for (int i = 0; i < 4; i++) {
            begin(REQUEST);
        }
        try (Peer peer = acceptAndShakeHands()) {
            peer.line();
            peer.line();
            peer.line();
            peer.line();
            peer.say("FAIL\t1\tuser=joe\ttemp\nFAIL\t2\tuser=joe\tcode=temp_fail\nOK\t3\tnologin\nCONT\t4\n");
            assertEquals(new AuthReply.Rejected("", "joe", true), next(replies));
            assertEquals(new AuthReply.Rejected("", "joe", true), next(replies));
            assertEquals(new AuthReply.Rejected("Authentication backend error", "", false), next(replies));
            assertEquals(new AuthReply.Rejected("Authentication backend error", "", false), next(replies));
        }
    }

    @Test
    void triesAnotherConnectionWhereOneEndsWithoutAnAnswerAndNoThird() throws Exception {
        begin(REQUEST);
        try (Peer peer = acceptAndShakeHands()) {
            assertTrue(peer.line().startsWith("AUTH\t1\t"));
        }
        try (Peer peer = acceptAndShakeHands()) {
            assertTrue(peer.line().startsWith("AUTH\t1\t"));
        }
        assertEquals(LOST, next(replies));
    }

    @Test
    void tellsAClientInTheMiddleThatItsServerHasGone() throws Exception {
        AuthExchange exchange = begin(REQUEST);
        try (Peer peer = acceptAndShakeHands()) {
            peer.line();
            peer.say("CONT\t1\t\n");
            assertEquals(new AuthReply.Challenge(""), next(replies));
        }
        Thread.sleep(1);
        inLoop(() -> exchange.respond("AAAA", replies::add));
        assertEquals(LOST, next(replies));
    }

    @Test
    void cancelsWhatNobodyWaitsFor() throws Exception {
        AuthExchange exchange = begin(REQUEST);
        try (Peer peer = acceptAndShakeHands()) {
            peer.line();
            inLoop(exchange::abandon);
            assertEquals("CANCEL\t1", peer.line());
        }
    }

    @Test
    void saysWhyThereIsNoServerAndDoesNotAskAgainAtOnce() throws Exception {
        // Nobody listens there, and nobody else gets the port.
        Socket taken = new Socket();
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server = Objects.requireNonNull(servers.openDovecot("inet:127.0.0.1:" + taken.getLocalPort(), PortNames.NONE));
        BlockingQueue<List<AuthMechanism>> found = new ArrayBlockingQueue<>(2);
        var loop = (io.netty.channel.EventLoop) group.iterator().next();
        // The second question comes within the pause, however late this thread hears of the first answer.
        loop.execute(() -> server.findMechanisms(loop, first -> {
            found.add(first);
            server.findMechanisms(loop, found::add);
        }));
        assertEquals(List.of(), next(found));
        assertEquals(List.of(), next(found));
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(
                warnings.get(0).startsWith("SASL: Connect to Dovecot auth socket 'inet:127.0.0.1:"),
                warnings::toString);
        begin(REQUEST);
        assertEquals(LOST, next(replies));
        taken.close();
    }

    @Test
    void doesNotTakeAnotherProtocolOrTheWrongSocket() throws Exception {
        for (String handshake : List.of("VERSION\t2\t0\n", "VERSION\tx\n", "VERSION\t1\t1\nSPID\t1\n")) {
            var found = askForMechanisms();
            try (Peer peer = accept()) {
                peer.say(handshake);
                assertEquals(List.of(), next(found), handshake);
            }
            // The pause after a failure.
            TimeUnit.MILLISECONDS.sleep(DovecotLoop.PAUSE.toMillis() + 20);
        }
        assertEquals(
                List.of(
                        "SASL: Protocol version mismatch (2 vs. 1)",
                        "SASL: Protocol version error",
                        "SASL: Connected to wrong auth socket (auth-master instead of auth-client)"),
                warnings);
    }
}
