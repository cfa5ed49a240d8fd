// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.CpuTime;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.load.LoadSettings;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The end-to-end benchmark: source → relay → sink, and in the same minute source → sink, for the ratio of the two.
 * Thread: main.
 */
public final class RelayBench {
    private static final int WARMUP_DIRECT_SHARE = 2;

    private final BenchOptions options;
    private final Scenario scenario;
    private final RelayPolicy policy;
    private final PrintStream out;

    // Owned by main.
    private long nextSequence;
    private long outcomeCount;
    /** Null: the source speaks in the clear. */
    private @Nullable SslContext clientTls;
    /** Null: so does the sink. */
    private @Nullable SslContext serverTls;

    private RelayBench(BenchOptions options, PrintStream out) {
        this.options = options;
        this.scenario = Scenario.of(options.scenario);
        this.policy = RelayPolicy.of(options.policy);
        this.out = out;
        if (options.sourceProgram != null && (scenario.isManySites() || options.messagesPerSecond > 0)) {
            throw new IllegalArgumentException("--source-program knows one site and no rate");
        }
        if (options.hasTls && (options.sourceProgram != null || options.sinkProgram != null)) {
            throw new IllegalArgumentException("--tls is for our own source and sink");
        }
    }

    /** Returns the exit code: 0 when nothing was lost or doubled. */
    public static int run(String[] words) {
        BenchOptions options = new BenchOptions();
        return BenchCommand.run(
                "relay", words, options, options.relay, (out, line) -> new RelayBench(options, out).run(line));
    }

    private boolean run(String commandLine) throws IOException {
        Path home = Installations.find(options.relay.installation);
        Path parent = MtaDirectory.createParent(options.relay.directory, "stafette-bench-");
        try {
            Environment.print(out, home, options.relay, parent, commandLine);
            return run(home, parent);
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private boolean run(Path home, Path parent) throws IOException {
        int relayedPort = freePort();
        List<String> mainCf = new ArrayList<>(scenario.mainCf(relayedPort));
        mainCf.addAll(policy.prepare(home, parent, options.aliasCount));
        if (options.hasTls) {
            BenchTls tls = BenchTls.make(parent, "ecdsa");
            mainCf.addAll(tls.mainCf());
            clientTls = tls.client();
            serverTls = tls.server();
        }
        try (Sink direct = openSink(Scenario.ONE_SITE_MANY_MESSAGES, freePort());
                Sink relayed = openSink(scenario, relayedPort);
                RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, options.relay);
                SlowSessions slow = SlowSessions.open(relay.port(), options.slowSessionCount)) {
            Source source = openSource(scenario);
            Source directSource = openSource(Scenario.ONE_SITE_MANY_MESSAGES);
            directSource.send(direct.port(), 0, options.warmupCount / WARMUP_DIRECT_SHARE + 1);
            long directSequence = options.warmupCount / WARMUP_DIRECT_SHARE + 1;
            throughRelay(source, relay, options.warmupCount);
            List<Round> rounds = new ArrayList<>();
            out.println(Round.HEAD);
            for (int i = 1; i <= options.roundCount; i++) {
                double directPerSecond = directSource
                        .send(direct.port(), directSequence, options.messageCount)
                        .perSecond();
                directSequence += options.messageCount;
                Round round = measure(source, relay, directPerSecond);
                out.println(round.row(Integer.toString(i)));
                rounds.add(round);
            }
            out.println(Round.median(rounds).row("median"));
            printStages(relay);
            boolean isStillSlow = slow.check(out);
            return check(relayed, source) && isStillSlow;
        }
    }

    private Source openSource(Scenario where) {
        Path program = options.sourceProgram;
        if (program != null) {
            return new ProgramSource(program, options.sessionCount, options.messageBytes, options.isPipelined());
        }
        InetSocketAddress later = InetSocketAddress.createUnresolved("localhost", 0);
        return new OwnSource(LoadSettings.closedLoop(later, options.sessionCount, 1, options.messageBytes)
                .withDomains(where.domains(options.siteCount))
                .withPipelining(options.isPipelined())
                .withRate(where == scenario ? options.messagesPerSecond : 0)
                .withTls(clientTls));
    }

    private Sink openSink(Scenario where, int port) throws IOException {
        int deferring = where.deferringSiteCount(options.siteCount);
        Path program = options.sinkProgram;
        if (program != null) {
            int sites = where.isManySites() ? options.siteCount : 0;
            return ProgramSink.open(program, sites, port, deferring > 0 ? 50 : 0);
        }
        return OwnSink.open(where.addresses(options.siteCount), port, deferring, serverTls);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Sends and waits until every message that was acknowledged has had its outcome. */
    private SourceFigures throughRelay(Source source, RelayUnderTest relay, long count) throws IOException {
        SourceFigures figures = source.send(relay.port(), nextSequence, count);
        nextSequence += count;
        outcomeCount += figures.acknowledgedCount();
        relay.awaitOutcomes(outcomeCount);
        return figures;
    }

    private Round measure(Source source, RelayUnderTest relay, double directPerSecond) throws IOException {
        RelayUnderTest.Reading before = relay.read();
        long startNs = System.nanoTime();
        SourceFigures figures = throughRelay(source, relay, options.messageCount);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        RelayUnderTest.Reading after = relay.read();
        CpuTime cpu = after.cpu().since(before.cpu());
        double count = Math.max(1, figures.acknowledgedCount());
        return new Round(
                directPerSecond,
                count / seconds,
                figures,
                cpu.userMicros() / count,
                cpu.systemMicros() / count,
                (after.syncCount() - before.syncCount()) / count,
                after.residentMegabytes());
    }

    private void printStages(RelayUnderTest relay) throws IOException {
        out.printf(
                Locale.ROOT,
                "%n%-18s %10s %9s %9s %9s %9s   of the relay, warm-up included%n",
                "stage (ms)",
                "count",
                "p50",
                "p99",
                "p99.9",
                "max");
        relay.histograms()
                .forEach((stage, micros) -> out.printf(
                        Locale.ROOT,
                        "%-18s %,10d %9.2f %9.2f %9.2f %9.2f%n",
                        stage,
                        micros.getTotalCount(),
                        ms(micros, 50),
                        ms(micros, 99),
                        ms(micros, 99.9),
                        micros.getMaxValue() / 1e3));
    }

    private static double ms(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** Whether everything has arrived, and once. */
    private boolean check(Sink relayed, Source source) throws IOException {
        @Nullable Integer missing = null;
        if (relayed instanceof OwnSink sink && source instanceof OwnSource own && !scenario.isManySites()) {
            missing = own.missingFrom(sink.seen());
        }
        SinkFigures seen = relayed.end();
        long lost = missing != null ? missing : outcomeCount - seen.unique() - seen.deferred();
        out.printf(
                Locale.ROOT,
                "%n%,d acknowledged; the sink saw %,d messages, %,d unique, %,d duplicates, %,d deferred; %,d lost;"
                        + " %d connections, %d at a time%n",
                outcomeCount,
                seen.messages(),
                seen.unique(),
                seen.duplicates(),
                seen.deferred(),
                lost,
                seen.connections(),
                seen.peakConnections());
        return lost == 0 && seen.duplicates() == 0;
    }
}
