// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.cli.BriefJvm;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import dev.stafette.engine.load.SinkSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The installation as it was built, between a source and a sink: what it acknowledged arrives. */
@ExtendWith(OneTry.class)
class RelayCrashIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final int SESSIONS = 20;
    private static final int MESSAGES = 8000;

    private Path parent;

    @BeforeEach
    void makeDirectory() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "relay-crash");
    }

    @AfterEach
    void deleteDirectory() throws Exception {
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    @Test
    void deliversEveryMessageOnce() throws Exception {
        try (DiscardSink sink = DiscardSink.open(SinkSettings.acceptingAll(anyPort()))) {
            MtaDirectory directory = relayTo(sink);
            try (MtaProcess relay = start(directory)) {
                assertTrue(relay.isAlive());
                LoadResult sent = send(directory, 0, MESSAGES);
                assertEquals(MESSAGES, sent.acknowledged().size());
                awaitArrival(sink, sent);
                assertEquals(0, sink.counts().duplicates());
            }
        }
    }

    @Test
    void losesNothingThatItAcknowledgedWhenItIsKilled() throws Exception {
        try (DiscardSink sink = DiscardSink.open(SinkSettings.acceptingAll(anyPort()))) {
            MtaDirectory directory = relayTo(sink);
            LoadResult sent;
            try (MtaProcess relay = start(directory)) {
                assertTrue(relay.isAlive());
                try (LoadSource source = LoadSource.start(load(directory, 0, 1_000_000))) {
                    while (source.acknowledgedCount() < 3000) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    killJvms();
                    source.stop();
                    sent = source.await(Duration.ofSeconds(30));
                }
                assertTrue(sent.acknowledged().size() >= 3000);
            }
            try (MtaProcess again = start(directory)) {
                assertTrue(again.isAlive());
                awaitArrival(sink, sent);
                long doubled = sink.counts().duplicates();
                assertTrue(doubled < 2000, "more came twice than can have been in flight: " + doubled);
            }
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private MtaDirectory relayTo(DiscardSink sink) throws Exception {
        MtaDirectory directory = MtaDirectory.create(
                parent, "relay", List.of("relayhost = [127.0.0.1]:" + sink.port(), "minimal_backoff_time = 1s"));
        BriefJvm.writeOptions(HOME, directory.path());
        return directory;
    }

    private static MtaProcess start(MtaDirectory directory) throws Exception {
        MtaProcess process = MtaProcess.start(HOME, directory, Map.of());
        process.awaitReady();
        return process;
    }

    private static LoadSettings load(MtaDirectory directory, long first, long count) {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port());
        return LoadSettings.closedLoop(target, SESSIONS, count, 2048).withMessages(first, count);
    }

    private static LoadResult send(MtaDirectory directory, long first, long count) throws Exception {
        try (LoadSource source = LoadSource.start(load(directory, first, count))) {
            return source.await(Duration.ofSeconds(120));
        }
    }

    private static void awaitArrival(DiscardSink sink, LoadResult sent) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (sent.acknowledged().missingFrom(sink.seen()) > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertEquals(0, sent.acknowledged().missingFrom(sink.seen()), "acknowledged, and never arrived");
    }

    private static void killJvms() {
        ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("stafette.jar"))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
