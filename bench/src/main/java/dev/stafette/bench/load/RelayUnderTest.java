// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.CpuTime;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The relay that is measured, in a process of its own, started as an operator would.
 * Thread: main.
 */
final class RelayUnderTest implements AutoCloseable {
    private static final String ACCEPTED = "messages_accepted_total";
    private static final String DELIVERED = "recipients_delivered_total";
    private static final String DEFERRED = "recipients_deferred_total";
    private static final String SYNCS = "syncs_total";
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SETTLE_WAIT_NS = TimeUnit.SECONDS.toNanos(120);
    private static final double BYTES_IN_MEGABYTE = 1 << 20;

    private final Path home;
    private final MtaDirectory directory;
    private final Map<String, String> environment;

    // Owned by main.
    private MtaProcess process;

    private RelayUnderTest(Path home, MtaDirectory directory, Map<String, String> environment, MtaProcess process) {
        this.home = home;
        this.directory = directory;
        this.environment = environment;
        this.process = process;
    }

    /** Returns when it listens. */
    static RelayUnderTest start(Path home, Path parent, List<String> mainCf, RelayOptions options) throws IOException {
        List<String> lines = new ArrayList<>(mainCf);
        lines.addAll(options.mainCf);
        MtaDirectory directory = MtaDirectory.create(parent, "relay", lines);
        Path jvmOptions = directory.path().resolve("jvm.options");
        Files.copy(home.resolve("conf/jvm.options"), jvmOptions);
        Files.write(jvmOptions, options.jvmOptions, StandardOpenOption.APPEND);
        Path javaHome = options.javaHome;
        Map<String, String> environment = javaHome == null ? Map.of() : Map.of("JAVA_HOME", javaHome.toString());
        return new RelayUnderTest(home, directory, environment, start(home, directory, environment));
    }

    private static MtaProcess start(Path home, MtaDirectory directory, Map<String, String> environment)
            throws IOException {
        MtaProcess process = MtaProcess.start(home, directory, environment);
        try {
            process.awaitReady();
        } catch (IOException e) {
            process.close();
            throw e;
        }
        return process;
    }

    /** Starts it again, on what it left when it was stopped or killed; returns when it listens. */
    void restart() throws IOException {
        process = start(home, directory, environment);
    }

    /** In good order. */
    void stop() {
        process.close();
    }

    /** As a power switch would end it, but that the page cache stays. */
    void kill() {
        process.kill();
    }

    /** The configuration that commands of the installation are to be given. */
    Path configuration() {
        return directory.path();
    }

    int port() {
        return directory.port();
    }

    /** What the process has used and done so far. */
    record Reading(CpuTime cpu, long acceptedCount, long outcomeCount, long syncCount, double residentMegabytes) {}

    Reading read() throws IOException {
        Map<String, Long> counts = process.counts();
        return new Reading(
                process.cpuTime(),
                counts.getOrDefault(ACCEPTED, 0L),
                counts.getOrDefault(DELIVERED, 0L) + counts.getOrDefault(DEFERRED, 0L),
                counts.getOrDefault(SYNCS, 0L),
                process.residentBytes() / BYTES_IN_MEGABYTE);
    }

    /** Blocks until so many recipients have had an outcome, in all. */
    void awaitOutcomes(long count) throws IOException {
        long deadlineNs = System.nanoTime() + SETTLE_WAIT_NS;
        long seen = read().outcomeCount();
        while (seen < count) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(seen + " outcomes (expected: " + count + ") after two minutes");
            }
            LockSupport.parkNanos(POLL_NS);
            seen = read().outcomeCount();
        }
    }

    Map<String, Histogram> histograms() throws IOException {
        return process.histograms();
    }

    @Override
    public void close() {
        process.close();
    }
}
