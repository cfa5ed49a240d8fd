// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.metrics.Micros;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code stafette stats}: the latency percentiles and counts of the running process.
 * Thread: main.
 */
@Command(
        name = "stats",
        description = "Prints the latency percentiles of every stage that a message passes, and what was counted.",
        mixinStandardHelpOptions = true)
final class StafetteStats implements Callable<Integer> {
    private static final String NAME = "stafette";
    private static final String ROW = "%-20s %10s %10s %10s %10s %10s %10s%n";

    private static final String COUNT_ROW = "%-32s %10d%n";

    private final Terminal terminal;

    @Option(names = "-c", paramLabel = "DIR", description = "The config_directory of the process.")
    private String configDirectory = "";

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Writes the histograms to FILE, as an HdrHistogram log (V2); - is standard output.")
    private @Nullable String hlog;

    StafetteStats(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = ConfigDirectory.find(terminal, configDirectory);
        try (AdminClient client =
                AdminClient.connect(ConfigDirectory.queueDirectory(directory).adminSocket())) {
            String file = hlog;
            if (file == null) {
                client.send(new AdminRequest.Stats());
                printTable(client);
            } else {
                client.send(new AdminRequest.Hlog());
                writeHlog(client, file);
            }
            if (!client.failure().isEmpty()) {
                return terminal.fatal(NAME, ExitCode.FAILED, client.failure());
            }
            return ExitCode.OK;
        } catch (AbsentException e) {
            String why = e.absence() == Absence.DOWN ? "mail system is down" : String.valueOf(e.getMessage());
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "No statistics - " + why);
        }
    }

    private void printTable(AdminClient client) throws IOException {
        PrintStream out = terminal.out();
        out.printf(Locale.ROOT, ROW, "stage", "count", "p50", "p90", "p99", "p99.9", "max");
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            JsonObject stage = JsonObject.parse(line);
            if (stage != null && stage.has("counter")) {
                out.printf(Locale.ROOT, COUNT_ROW, stage.text("counter"), stage.number("value"));
            } else if (stage != null) {
                out.printf(
                        Locale.ROOT,
                        ROW,
                        stage.text("stage"),
                        stage.number("count"),
                        Micros.format(stage.number("p50_us")),
                        Micros.format(stage.number("p90_us")),
                        Micros.format(stage.number("p99_us")),
                        Micros.format(stage.number("p999_us")),
                        Micros.format(stage.number("max_us")));
            }
        }
    }

    private void writeHlog(AdminClient client, String file) throws IOException {
        if (file.equals("-")) {
            copyHlog(client, new PrintWriter(terminal.out(), false, StandardCharsets.UTF_8));
            return;
        }
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(Path.of(file)))) {
            copyHlog(client, writer);
            if (writer.checkError()) {
                throw new IOException(file + ": cannot be written");
            }
        }
    }

    private static void copyHlog(AdminClient client, PrintWriter writer) throws IOException {
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            JsonObject object = JsonObject.parse(line);
            if (object != null) {
                writer.println(object.text("line"));
            }
        }
        writer.flush();
    }
}
