// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.CpuTime;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.load.LoadSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the commands that look at the queue and change it cost with many messages in it, and what a listing that never ends
 * costs the delivery of others. The many cannot be delivered at first, since nobody listens, and are on hold afterwards.
 * Thread: main.
 */
public final class QueueBench {
    private static final double MICROS_IN_SECOND = 1e6;

    @Option(names = "--messages", paramLabel = "N", description = "Messages in the queue.")
    private long messageCount = 1_000_000;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of a message.")
    private int messageBytes = 1024;

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions that send.")
    private int sessionCount = 50;

    @Option(names = "--delivered", paramLabel = "N", description = "Messages that are delivered in a round.")
    private long deliveredCount = 100_000;

    @Option(names = "--rounds", paramLabel = "N", description = "With a listing, and as many without.")
    private int roundCount = 3;

    @Option(names = "--warm-up", paramLabel = "N", description = "Rounds before those that count.")
    private int warmUpCount = 2;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    // Owned by main.
    private long nextSequence;

    private QueueBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        QueueBench bench = new QueueBench();
        return BenchCommand.run("queue", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try {
            Environment.print(out, home, relayOptions, parent, commandLine);
            int sinkPort = freePort();
            List<String> mainCf = List.of("relayhost = [127.0.0.1]:" + sinkPort);
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                send(relay, messageCount);
                Commands commands = new Commands(home, relay, out);
                commands.time("qshape", "deferred", "active");
                commands.time("qshape", "deferred", "active");
                commands.time("qshape", "-s", "deferred", "active");
                commands.time("postqueue", "-p");
                commands.time("postqueue", "-j");
                commands.time("postsuper", "-h", "ALL");
                deliver(out, relay, commands, sinkPort);
                commands.time("postsuper", "-H", "ALL");
                commands.time("postsuper", "-d", "ALL");
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private SourceFigures send(RelayUnderTest relay, long count) throws IOException {
        InetSocketAddress later = InetSocketAddress.createUnresolved("localhost", 0);
        Source source = new OwnSource(LoadSettings.closedLoop(later, sessionCount, 1, messageBytes));
        SourceFigures figures = source.send(relay.port(), nextSequence, count);
        nextSequence += count;
        return figures;
    }

    private void deliver(PrintStream out, RelayUnderTest relay, Commands commands, int sinkPort) throws IOException {
        try (Sink sink = OwnSink.open(List.of("127.0.0.1"), sinkPort, 0, null)) {
            // The destination was dead.
            commands.run(List.of("postqueue", "-f"));
            for (int i = 0; i < warmUpCount; i++) {
                throughRelay(relay);
            }
            List<Double> alone = new ArrayList<>();
            List<Double> listed = new ArrayList<>();
            for (int i = 0; i < roundCount; i++) {
                // By turns which of the two comes first, so that a relay that becomes faster favours neither.
                if (i % 2 == 0) {
                    alone.add(throughRelay(relay));
                }
                try (Listing listing = new Listing(commands)) {
                    listed.add(throughRelay(relay));
                    out.printf(Locale.ROOT, "beside %d listings: ", listing.count());
                }
                if (i % 2 != 0) {
                    alone.add(throughRelay(relay));
                }
                out.printf(Locale.ROOT, "%,.0f/s, and %,.0f/s alone%n", listed.get(i), alone.get(i));
            }
            out.printf(Locale.ROOT, "the sink saw %d duplicates%n", sink.end().duplicates());
            out.printf(
                    Locale.ROOT,
                    "medians: %,.0f/s alone, %,.0f/s beside an endless listing; of the pairs' ratios: %.1f %% less%n",
                    median(alone),
                    median(listed),
                    100 * (1 - Round.median(ratios(listed, alone))));
        }
    }

    private static DoubleStream ratios(List<Double> some, List<Double> others) {
        return IntStream.range(0, some.size()).mapToDouble(i -> some.get(i) / others.get(i));
    }

    private static double median(List<Double> figures) {
        return Round.median(figures.stream().mapToDouble(Double::doubleValue));
    }

    private double throughRelay(RelayUnderTest relay) throws IOException {
        long before = relay.read().outcomeCount();
        long startNs = System.nanoTime();
        long sent = send(relay, deliveredCount).acknowledgedCount();
        relay.awaitOutcomes(before + sent);
        return sent / ((System.nanoTime() - startNs) / 1e9);
    }

    /** Runs commands of the installation. */
    private static final class Commands {
        private final Path home;
        private final RelayUnderTest relay;
        private final PrintStream out;

        Commands(Path home, RelayUnderTest relay, PrintStream out) {
            this.home = home;
            this.relay = relay;
            this.out = out;
        }

        void time(String... words) throws IOException {
            CpuTime before = relay.read().cpu();
            long startNs = System.nanoTime();
            run(Arrays.asList(words));
            double seconds = (System.nanoTime() - startNs) / 1e9;
            RelayUnderTest.Reading after = relay.read();
            CpuTime cpu = after.cpu().since(before);
            out.printf(
                    Locale.ROOT,
                    "%-32s %6.2f s; %.2f s of the relay's CPU, which has %.0f MB resident%n",
                    String.join(" ", words),
                    seconds,
                    (cpu.userMicros() + cpu.systemMicros()) / MICROS_IN_SECOND,
                    after.residentMegabytes());
        }

        void run(List<String> words) throws IOException {
            Process process = start(words);
            try {
                if (process.waitFor() != 0) {
                    throw new IOException(words + " ended with " + process.exitValue());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
        }

        Process start(List<String> words) throws IOException {
            List<String> line = new ArrayList<>(words);
            line.set(0, home.resolve("bin").resolve(words.get(0)).toString());
            line.addAll(1, List.of("-c", relay.configuration().toString()));
            return new ProcessBuilder(line)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    /** Lists the queue again and again until it is closed. */
    private static final class Listing implements AutoCloseable {
        private final Commands commands;
        private final Thread thread = new Thread(this::list, "listing");

        // Written by the listing thread, read by main; stop is the other way round.
        private volatile int count;
        private volatile boolean stop;

        Listing(Commands commands) {
            this.commands = commands;
            thread.start();
        }

        private void list() {
            while (!stop) {
                try {
                    Process process = commands.start(List.of("postqueue", "-p"));
                    while (process.isAlive() && !stop) {
                        Thread.sleep(20);
                    }
                    process.destroyForcibly();
                    count = count + 1;
                } catch (IOException | InterruptedException e) {
                    return;
                }
            }
        }

        /** Begun, and but for the last one ended. */
        int count() {
            return count + 1;
        }

        @Override
        public void close() {
            stop = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
