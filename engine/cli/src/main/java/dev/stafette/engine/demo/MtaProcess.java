// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/**
 * A mail system in a process of its own, which ends with this one.
 * Thread: the one that started it; {@link #close} any.
 *
 * <p>It is started by the launcher of an installation as {@code postfix start-fg}, so what is measured of it is what an
 * operator would see.
 */
public final class MtaProcess implements AutoCloseable {
    private static final long START_WAIT_S = 120;
    private static final long START_POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long STOP_WAIT_S = 60;

    private final MtaDirectory directory;
    private final Process process;
    private final AtExit killer;

    private MtaProcess(MtaDirectory directory, Process process) {
        this.directory = directory;
        this.process = process;
        this.killer = new AtExit(process::destroyForcibly);
    }

    /**
     * Returns at once; {@link #awaitReady} says when it listens.
     *
     * @param home the installation; its launcher chooses the options of the JVM and gives up root
     * @param environment added to that of this process, JAVA_HOME for example
     */
    public static MtaProcess start(Path home, MtaDirectory directory, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                home.resolve("bin").resolve("postfix").toString(),
                "-c",
                directory.path().toString(),
                "start-fg");
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(
                        ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(directory.errors().toFile())
                .redirectErrorStream(true)
                .start();
        return new MtaProcess(directory, process);
    }

    /** Blocks until its port is open and it can be asked. Throws with what it said when it ends instead, or takes too long. */
    public void awaitReady() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_WAIT_S);
        while (!isListening() || !isAnswering()) {
            boolean isLate = System.nanoTime() - deadlineNs > 0;
            if (!process.isAlive() || isLate || Thread.currentThread().isInterrupted()) {
                throw new IOException("the mail system of " + directory.path() + " did not start:\n"
                        + Files.readString(directory.errors()).strip());
            }
            LockSupport.parkNanos(START_POLL_NS);
        }
    }

    private boolean isListening() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port()));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private boolean isAnswering() throws IOException {
        try {
            AdminClient.connect(directory.adminSocket()).close();
            return true;
        } catch (AbsentException e) {
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public CpuTime cpuTime() throws IOException {
        return CpuTime.of(process.pid());
    }

    /** Memory that is in use now, in bytes. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return 0;
    }

    /** How often each stage was timed, and every count, by name. */
    public Map<String, Long> counts() throws IOException {
        Map<String, Long> counts = new HashMap<>();
        for (String line : ask(new AdminRequest.Stats())) {
            JsonObject row = JsonObject.parse(line);
            if (row != null && row.has("counter")) {
                counts.put(row.text("counter"), row.number("value"));
            } else if (row != null) {
                counts.put(row.text("stage"), row.number("count"));
            }
        }
        return counts;
    }

    /** The histograms of all stages, in µs, by name. */
    public Map<String, Histogram> histograms() throws IOException {
        StringBuilder log = new StringBuilder();
        for (String line : ask(new AdminRequest.Hlog())) {
            JsonObject row = JsonObject.parse(line);
            log.append(row == null ? "" : row.text("line")).append('\n');
        }
        Map<String, Histogram> histograms = new HashMap<>();
        HistogramLogReader reader =
                new HistogramLogReader(new ByteArrayInputStream(log.toString().getBytes(StandardCharsets.UTF_8)));
        while (reader.hasNext()) {
            @Nullable EncodableHistogram next = reader.nextIntervalHistogram();
            if (next instanceof Histogram histogram) {
                histograms.put(histogram.getTag(), histogram);
            }
        }
        return histograms;
    }

    private List<String> ask(AdminRequest request) throws IOException {
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            client.send(request);
            List<String> lines = new ArrayList<>();
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                lines.add(line);
            }
            if (!client.failure().isEmpty()) {
                throw new IOException(request.command() + ": " + client.failure());
            }
            return lines;
        }
    }

    /** Ends it at once; returns when it has ended. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it in good order, or without when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_WAIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        killer.close();
    }
}
