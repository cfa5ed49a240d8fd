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
import java.net.Socket;
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

/** The installation with its queue on a file system of 64 MB, and all sizes as they are by default. */
@Timeout(120)
class RelaySmallDiskIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final String NO_SPACE = "452 4.3.1 Insufficient system storage";
    private static final int MESSAGE_BYTES = 20_000;

    private Path parent;
    private Path queue;
    private MtaDirectory directory;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "small-disk");
        directory = MtaDirectory.create(
                parent,
                "relay",
                List.of(
                        "minimal_backoff_time = 1s",
                        "maximal_backoff_time = 1s",
                        "maillog_file = " + parent.resolve("mail.log")));
        Files.copy(HOME.resolve("conf/jvm.options"), directory.path().resolve("jvm.options"));
        queue = Files.createDirectory(directory.path().resolve("queue"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", queue.toString()) == 0,
                "skipped: no file system can be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (parent != null) {
            run("umount", "-l", String.valueOf(queue));
            MtaDirectory.delete(parent);
        }
    }

    private void configure(String line) throws IOException {
        Files.writeString(directory.path().resolve("main.cf"), line + "\n", StandardOpenOption.APPEND);
    }

    private String log() throws IOException {
        return Files.readString(parent.resolve("mail.log"));
    }

    @Test
    void takesDeliversAndStartsAgain() throws Exception {
        try (DiscardSink sink = DiscardSink.open(
                SinkSettings.acceptingAll(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
            configure("relayhost = [127.0.0.1]:" + sink.port());
            for (int start = 0; start < 2; start++) {
                try (MtaProcess relay = MtaProcess.start(HOME, directory, Map.of())) {
                    relay.awaitReady();
                    // More than there is room for at once, by far.
                    LoadResult sent = send(start * 10_000L, 1_500);
                    assertEquals(0, sent.permanentCount() + sent.unansweredCount());
                    awaitArrival(sink, sent);
                    assertEquals("250 2.0.0 Ok", largeMessage(9_000_000).substring(0, 12));
                    assertTrue(relay.isAlive());
                }
            }
            assertEquals(0, sink.counts().duplicates());
        }
        String needs =
                "queue_directory needs 43 MB free: segments 2 x 4 MB, journal 12 MB, ballast 4 MB, kept free 19 MB;";
        assertTrue(log().contains(needs), log());
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        configure("message_size_limit = 0");
        configure("relayhost = [127.0.0.1]:1");
        try (MtaProcess relay = MtaProcess.start(HOME, directory, Map.of())) {
            relay.awaitReady();
            try (Client client = new Client()) {
                client.say("HELO c.test");
                assertEquals(NO_SPACE, client.say("MAIL FROM:<a@a.test> SIZE=70000000"));
                assertEquals("250 2.1.0 Ok", client.say("MAIL FROM:<a@a.test> SIZE=2000"));
                client.say("RSET");
            }
            assertEquals(NO_SPACE, largeMessage(80_000_000));
            awaitSpace();
            assertEquals("250 2.0.0 Ok", largeMessage(1_000_000).substring(0, 12));
        }
    }

    @Test
    void saysThatMoreIsNeeded() throws Exception {
        configure("message_size_limit = 50000000");
        configure("relayhost = [127.0.0.1]:1");
        try (MtaProcess relay = MtaProcess.start(HOME, directory, Map.of())) {
            relay.awaitReady();
            try (Client client = new Client()) {
                client.say("HELO c.test");
                assertEquals(NO_SPACE, client.say("MAIL FROM:<a@a.test>"));
                assertEquals(
                        "552 5.3.4 Message size exceeds fixed limit", client.say("MAIL FROM:<a@a.test> SIZE=50000001"));
            }
            assertTrue(log().contains("warning: as long as there is no more, mail is answered 452"), log());
            String said = Files.readString(directory.path().resolve("stderr.log"));
            assertTrue(said.contains("warning: queue_directory needs 100 MB free: "), said);
        }
    }

    /** The reply to its end. */
    private String largeMessage(int bytes) throws IOException {
        try (Client client = new Client()) {
            client.say("HELO c.test");
            client.say("MAIL FROM:<a@a.test>");
            client.say("RCPT TO:<b@b.test>");
            client.say("DATA");
            byte[] line = ("x".repeat(98) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < bytes; sent += line.length) {
                client.socket.getOutputStream().write(line);
            }
            String reply = client.say(".");
            assertEquals("221 2.0.0 Bye", client.say("QUIT"));
            return reply;
        }
    }

    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), directory.port());
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

        Client() throws IOException {
            socket.setSoTimeout(60_000);
            in.readLine();
        }

        String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private LoadResult send(long first, long count) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port());
        LoadSettings load =
                LoadSettings.closedLoop(target, 4, count, MESSAGE_BYTES).withMessages(first, count);
        try (LoadSource source = LoadSource.start(load)) {
            return source.await(Duration.ofSeconds(60));
        }
    }

    private void awaitSpace() throws Exception {
        String reply = NO_SPACE;
        for (int i = 0; i < 400 && reply.equals(NO_SPACE); i++) {
            try (Client client = new Client()) {
                client.say("HELO c.test");
                reply = client.say("MAIL FROM:<a@a.test>");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertEquals("250 2.1.0 Ok", reply);
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
