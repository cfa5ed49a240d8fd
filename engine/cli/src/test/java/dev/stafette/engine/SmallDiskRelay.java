// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.engine.cli.BriefJvm;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The installation with its queue on a file system of its own, of so many MB; a test that needs it is skipped where none can be
 * mounted. Thread: the test's.
 */
final class SmallDiskRelay implements AutoCloseable {
    static final String NO_SPACE = "452 4.3.1 Insufficient system storage";

    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final int MESSAGE_BYTES = 20_000;

    private final Path parent;
    private final MtaDirectory directory;
    private final Path queue;

    private SmallDiskRelay(Path parent, MtaDirectory directory, Path queue) {
        this.parent = parent;
        this.directory = directory;
        this.queue = queue;
    }

    /** {@code mainCf}: besides that what waits is tried again each second. */
    static SmallDiskRelay mount(int megabytes, String... mainCf) throws Exception {
        assumeTrue(Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        Path parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "small-disk");
        List<String> lines = new ArrayList<>(List.of(
                "minimal_backoff_time = 1s",
                "maximal_backoff_time = 1s",
                "maillog_file = " + parent.resolve("mail.log")));
        lines.addAll(List.of(mainCf));
        MtaDirectory directory = MtaDirectory.create(parent, "relay", lines);
        BriefJvm.writeOptions(HOME, directory.path());
        Path queue = Files.createDirectory(directory.path().resolve("queue"));
        SmallDiskRelay relay = new SmallDiskRelay(parent, directory, queue);
        int code = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", queue.toString());
        if (code != 0) {
            relay.close();
        }
        assumeTrue(code == 0, "skipped: no file system can be mounted here");
        return relay;
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }

    Path directory() {
        return directory.path();
    }

    Path queue() {
        return queue;
    }

    String log() throws IOException {
        return Files.readString(parent.resolve("mail.log"));
    }

    MtaProcess start() throws Exception {
        return MtaProcess.start(HOME, directory, Map.of());
    }

    /** Numbered messages of 20 KB. */
    LoadResult send(int sessions, long first, long count) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port());
        LoadSettings load =
                LoadSettings.closedLoop(target, sessions, count, MESSAGE_BYTES).withMessages(first, count);
        try (LoadSource source = LoadSource.start(load)) {
            return source.await(Duration.ofSeconds(120));
        }
    }

    static void awaitArrival(DiscardSink sink, LoadResult sent) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (sent.acknowledged().missingFrom(sink.seen()) > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertEquals(0, sent.acknowledged().missingFrom(sink.seen()), "acknowledged, and never arrived");
    }

    String replyToMail() throws IOException {
        try (Client client = new Client()) {
            client.say("HELO c.test");
            return client.say("MAIL FROM:<a@a.test>");
        }
    }

    void awaitSpace() throws Exception {
        awaitReplyToMail("250 2.1.0 Ok");
    }

    /** It is looked at now and then. */
    void awaitNoSpace() throws Exception {
        awaitReplyToMail(NO_SPACE);
    }

    private void awaitReplyToMail(String expected) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String reply = replyToMail();
        while (!reply.equals(expected) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            reply = replyToMail();
        }
        assertEquals(expected, reply);
    }

    /** A session by hand. */
    final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), directory.port());
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

        Client() throws IOException {
            socket.setSoTimeout(60_000);
            in.readLine();
        }

        String say(String line) throws IOException {
            write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return in.readLine();
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", queue.toString());
        MtaDirectory.delete(parent);
    }
}
