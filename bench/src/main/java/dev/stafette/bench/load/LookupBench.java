// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long RCPT takes whose recipient is judged by tables in memory, alone and beside sessions that wait for a table whose
 * server answers late; by turns.
 * Thread: main.
 */
public final class LookupBench {
    private static final double NS_IN_MICRO = 1000;

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions whose RCPT is measured.")
    private int sessionCount = 4;

    @Option(names = "--waiting", paramLabel = "N", description = "Sessions that wait for the slow table.")
    private int waitingCount = 30;

    @Option(names = "--delay", paramLabel = "SECONDS", description = "After which the slow table's server answers.")
    private int delaySeconds = 30;

    @Option(names = "--turn", paramLabel = "MS", description = "How long each turn takes.")
    private int turnMs = 500;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Pairs of turns; with those that wait not more than a table lets wait, which is 1000.")
    private int roundCount = 30;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private LookupBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        LookupBench bench = new LookupBench();
        return BenchCommand.run("lookups", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try (LateServer late = LateServer.open(delaySeconds)) {
            Environment.print(out, home, relayOptions, parent, commandLine);
            List<String> mainCf = List.of(
                    "mydestination = " + RcptSession.QUICK_DOMAIN,
                    "local_recipient_maps =",
                    "relay_domains = tcp:127.0.0.1:" + late.port(),
                    "smtpd_relay_restrictions = reject_unauth_destination",
                    "smtpd_junk_command_limit = 1000000",
                    "smtpd_client_connection_count_limit = 0");
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                return measure(out, relay.port(), late);
            }
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    /** Returns whether the sessions that waited did so until the end. */
    private boolean measure(PrintStream out, int port, LateServer late) throws IOException {
        time(port);
        double[] alone = new double[roundCount];
        double[] beside = new double[roundCount];
        boolean waited = true;
        for (int round = 0; round < roundCount; round++) {
            alone[round] = print(out, "alone", time(port));
            List<RcptSession> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < waitingCount; i++) {
                    RcptSession session = RcptSession.open(port);
                    session.send("u" + i + "@slow" + (round * waitingCount + i) + ".test");
                    waiting.add(session);
                }
                late.awaitQuestion();
                beside[round] = print(out, "beside " + waitingCount + " that wait", time(port));
                for (RcptSession session : waiting) {
                    waited &= !session.hasReply();
                }
            } finally {
                for (RcptSession session : waiting) {
                    session.close();
                }
            }
        }
        double[] ratios = new double[roundCount];
        Arrays.setAll(ratios, round -> beside[round] / alone[round]);
        out.printf(
                Locale.ROOT,
                "%np99 of RCPT, medians of %d turns: %.0f µs alone, %.0f µs beside the slow table; of the pairs: %.3f%n",
                roundCount,
                median(alone),
                median(beside),
                median(ratios));
        out.println(waited ? "nobody was answered by the slow table meanwhile" : "the slow table was not slow");
        return waited;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private Histogram time(int port) throws IOException {
        List<RcptSession> sessions = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        Histogram all = new Histogram(3);
        try {
            long endNs = System.nanoTime() + turnMs * 1_000_000L;
            for (int i = 0; i < sessionCount; i++) {
                RcptSession session = RcptSession.open(port);
                sessions.add(session);
                Thread thread = new Thread(() -> session.ask(endNs), "rcpt-" + i);
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (RcptSession session : sessions) {
                session.addTo(all);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            for (RcptSession session : sessions) {
                session.close();
            }
        }
        return all;
    }

    /** Returns the p99 in microseconds. */
    private static double print(PrintStream out, String what, Histogram times) {
        double p99 = times.getValueAtPercentile(99) / NS_IN_MICRO;
        out.printf(
                Locale.ROOT,
                "%-22s %,9d RCPT, p50 %5.0f µs, p99 %5.0f µs, max %,7.0f µs%n",
                what,
                times.getTotalCount(),
                times.getValueAtPercentile(50) / NS_IN_MICRO,
                p99,
                times.getMaxValue() / NS_IN_MICRO);
        return p99;
    }
}
