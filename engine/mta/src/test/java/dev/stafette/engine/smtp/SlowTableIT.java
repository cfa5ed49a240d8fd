// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One table's server does not answer; what has nothing to do with it goes on. */
@Timeout(180)
class SlowTableIT {
    /** More than any number of threads that asks a table, and than there were threads for all of them together. */
    private static final int WAITING_COUNT = 40;

    private static final int OTHERS_COUNT = 500;

    /** One loop: if anything blocked it, nothing would go on. */
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final KeptLog log = new KeptLog();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final TableServer silent = new TableServer(answers);
    private final TableServer ready = new TableServer(new CountDownLatch(0));
    private final SmtpServer server = new SmtpServer(new SmtpServerParts(
            group,
            new KeptQueue(),
            new Metrics(0),
            SmtpServerIT.NO_DNS,
            ZoneOffset.UTC,
            SmtpServerParts.BODY_BYTES_MAX,
            TestHost.ROOM.sessionsMax()));

    SlowTableIT() throws IOException {}

    /** Speaks the protocol of {@code tcp:} tables, and has every key, but tells nobody before it is let. */
    private static final class TableServer implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CountDownLatch answers;
        private final AtomicInteger questionCount = new AtomicInteger();

        TableServer(CountDownLatch answers) throws IOException {
            this.answers = answers;
            start(this::accept);
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "table-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    start(() -> serve(socket));
                }
            } catch (IOException closed) {
                return;
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream();
                while (in.readLine() != null) {
                    questionCount.incrementAndGet();
                    answers.await();
                    out.write("200 yes\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException | InterruptedException gone) {
                return;
            }
        }

        String table() {
            return "tcp:127.0.0.1:" + listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @AfterEach
    void stop() throws IOException {
        answers.countDown();
        server.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
        silent.close();
        ready.close();
    }

    private InetSocketAddress listen(String... mainCfLines) throws IOException {
        server.listen(
                "smtp",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                TestHost.service(List.of(mainCfLines)),
                log.log());
        return server.addresses().get(0);
    }

    private static SocketClient transaction(InetSocketAddress address) throws IOException {
        SocketClient client = new SocketClient(address).hello();
        assertEquals("250 2.1.0 Ok", client.ask("MAIL FROM:<s@a.test>"));
        return client;
    }

    @Test
    void answersOthersWhileATableDoesNotAnswer() throws Exception {
        InetSocketAddress address = listen(
                "mydestination = b.test",
                "relay_domains = " + silent.table(),
                "local_recipient_maps = " + ready.table(),
                "smtpd_client_connection_count_limit = 0",
                "smtpd_recipient_limit = 100000",
                "smtpd_relay_restrictions = reject_unauth_destination");
        List<SocketClient> waiting = new ArrayList<>();
        for (int i = 0; i < WAITING_COUNT; i++) {
            SocketClient client = transaction(address);
            client.send("RCPT TO:<u@far" + i + ".test>\r\n");
            waiting.add(client);
        }
        while (silent.questionCount.get() == 0) {
            Thread.sleep(1);
        }
        try (SocketClient other = transaction(address)) {
            for (int i = 0; i < OTHERS_COUNT; i++) {
                // In mydestination, which is in memory; whether the recipient exists, another server knows.
                assertEquals("250 2.1.5 Ok", other.ask("RCPT TO:<u" + i + "@b.test>"));
            }
            assertEquals(OTHERS_COUNT, ready.questionCount.get());
            assertEquals(1, answers.getCount());
        }
        assertTrue(silent.questionCount.get() < WAITING_COUNT, "not all of them are asked for at the same time");
        answers.countDown();
        for (SocketClient client : waiting) {
            assertEquals("250 2.1.5 Ok", client.reply());
            client.close();
        }
    }

    /** Who the client is has to be asked of the silent one: only this session waits for its greeting. */
    @Test
    void greetsOthersWhileTheClientsOfAnotherServiceWait() throws Exception {
        InetSocketAddress slow = listen("mynetworks = " + silent.table(), "smtpd_client_connection_count_limit = 0");
        server.listen(
                "quick",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                TestHost.service(List.of()),
                log.log());
        InetSocketAddress quick = server.addresses().get(1);
        List<SocketClient> waiting = new ArrayList<>();
        for (int i = 0; i < WAITING_COUNT; i++) {
            waiting.add(new SocketClient(slow));
        }
        for (int i = 0; i < 20; i++) {
            try (SocketClient client = new SocketClient(quick)) {
                assertTrue(client.reply().startsWith("220 "));
            }
        }
        answers.countDown();
        for (SocketClient client : waiting) {
            assertTrue(client.reply().startsWith("220 "));
            client.close();
        }
    }
}
