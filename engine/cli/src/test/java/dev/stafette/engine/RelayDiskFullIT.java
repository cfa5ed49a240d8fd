// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import dev.stafette.engine.load.SinkSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The installation with its queue on a file system that runs full, seen through SMTP. */
@Timeout(120)
class RelayDiskFullIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final String NO_SPACE = "452 4.3.1 Insufficient system storage";
    private static final int SESSIONS = 10;
    private static final int MESSAGE_BYTES = 20_000;

    /** More than the file system holds. */
    private static final int MESSAGES = 5000;

    private Path parent;
    private Path queue;
    private MtaDirectory directory;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "relay-disk-full");
        directory = MtaDirectory.create(
                parent,
                "relay",
                List.of(
                        "relayhost = [127.0.0.1]:" + freePort(),
                        "body_segment_size = 2m",
                        "queue_ballast_size = 2m",
                        "message_size_limit = 1m",
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 1s",
                        "smtpd_soft_error_limit = 100000",
                        "smtpd_hard_error_limit = 100000"));
        Files.copy(HOME.resolve("conf/jvm.options"), directory.path().resolve("jvm.options"));
        queue = Files.createDirectory(directory.path().resolve("queue"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", queue.toString()) == 0,
                "skipped: no file system can be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (parent != null) {
            run("umount", "-l", String.valueOf(queue));
            MtaDirectory.delete(parent);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void refusesMailAndDeliversWhatItHasUntilThereIsSpaceAgain() throws Exception {
        try (MtaProcess relay = MtaProcess.start(HOME, directory, Map.of())) {
            relay.awaitReady();
            LoadResult filled = send(0, MESSAGES);
            assertTrue(filled.transientCount() > 0, "the disk never ran full");
            assertEquals(0, filled.permanentCount() + filled.unansweredCount());
            int accepted = filled.acknowledged().size();
            assertTrue(accepted > 500, "accepted only " + accepted);
            fillUp(queue.resolve("someone-else"));
            assertEquals(NO_SPACE, replyToMail());
            try (DiscardSink sink = DiscardSink.open(SinkSettings.acceptingAll(relayhost()))) {
                awaitArrival(sink, filled);
                // What was delivered has left room, even with the disk as full as it was.
                awaitSpace();
                Files.delete(queue.resolve("someone-else"));
                LoadResult more = send(MESSAGES, 200);
                assertEquals(200, more.acknowledged().size());
                awaitArrival(sink, more);
                assertEquals(0, sink.counts().duplicates());
            }
            assertTrue(relay.isAlive());
        }
    }

    private InetSocketAddress relayhost() throws IOException {
        String text = Files.readString(directory.path().resolve("main.cf"));
        int port = Integer.parseInt(text.replaceAll("(?s).*relayhost = \\[127.0.0.1\\]:(\\d+).*", "$1"));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private LoadResult send(long first, long count) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port());
        LoadSettings load =
                LoadSettings.closedLoop(target, SESSIONS, count, MESSAGE_BYTES).withMessages(first, count);
        try (LoadSource source = LoadSource.start(load)) {
            return source.await(Duration.ofSeconds(60));
        }
    }

    /** Somebody else takes what is left of the disk. */
    private static void fillUp(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (true) {
                channel.write(block.clear());
            }
        } catch (IOException full) {
            assertTrue(Files.size(file) >= 0);
        }
    }

    private String replyToMail() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), directory.port())) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            socket.getOutputStream().write("HELO c.test\r\n".getBytes(StandardCharsets.US_ASCII));
            in.readLine();
            socket.getOutputStream().write("MAIL FROM:<a@a.test>\r\n".getBytes(StandardCharsets.US_ASCII));
            return in.readLine();
        }
    }

    private void awaitSpace() throws Exception {
        for (int i = 0; i < 400 && replyToMail().equals(NO_SPACE); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertEquals("250 2.1.0 Ok", replyToMail());
    }

    private static void awaitArrival(DiscardSink sink, LoadResult sent) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (sent.acknowledged().missingFrom(sink.seen()) > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertEquals(0, sent.acknowledged().missingFrom(sink.seen()), "acknowledged, and never arrived");
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
