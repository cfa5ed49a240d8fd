// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/**
 * A mail system in a process of its own, which ends with this one.
 * Thread: the one that started it; {@link #close} any.
 *
 * <p>It is the same as {@code postfix start} runs, so what is measured of it is what an operator would see.
 */
public final class MtaProcess implements AutoCloseable {
    /** As the launcher script waits for it, too. */
    private static final String READY = "READY";

    private static final long STOP_WAIT_S = 20;

    private final MtaDirectory directory;
    private final Process process;
    private final Thread killer;

    private MtaProcess(MtaDirectory directory, Process process) {
        this.directory = directory;
        this.process = process;
        this.killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Returns at once; {@link #awaitReady} says when it listens. */
    public static MtaProcess start(JvmCommand java, MtaDirectory directory) throws IOException {
        List<String> line = java.line(List.of("postfix", "-c", directory.path().toString(), "start"));
        Process process = new ProcessBuilder(line)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(directory.errors().toFile())
                .start();
        return new MtaProcess(directory, process);
    }

    /** Blocks until its ports are open. Throws with what it said when it ends instead. */
    public void awaitReady() throws IOException {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(READY)) {
                    return;
                }
                said.append("\n    ").append(line);
            }
        }
        throw new IOException("the mail system of " + directory.path() + " did not start:" + said
                + Files.readString(directory.errors())
                        .lines()
                        .map(line -> "\n    " + line)
                        .reduce("", String::concat));
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
        for (String line : ask("stats")) {
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
        for (String line : ask("hlog")) {
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

    private List<String> ask(String command) throws IOException {
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            client.send(command);
            List<String> lines = new java.util.ArrayList<>();
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                lines.add(line);
            }
            if (!client.failure().isEmpty()) {
                throw new IOException(command + ": " + client.failure());
            }
            return lines;
        }
    }

    /** Stops it in good order, or without when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_WAIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // This process is ending itself: the hook has run, or will and finds nothing to do.
            return;
        }
    }
}
