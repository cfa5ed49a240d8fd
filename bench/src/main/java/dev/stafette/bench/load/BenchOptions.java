// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command line of the end-to-end benchmark.
 * Thread: main.
 */
final class BenchOptions {
    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "OneSiteManyMessages, ManySites, ManySitesDeferredHalf.")
    String scenario = "OneSiteManyMessages";

    @Option(names = "--messages", paramLabel = "N", description = "Messages of a round.")
    long messageCount = 100_000;

    @Option(names = "--warmup", paramLabel = "N", description = "Messages before the first round.")
    long warmupCount = 60_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds; the last row is their median.")
    int roundCount = 3;

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions of the source.")
    int sessionCount = 50;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of a message.")
    int messageBytes = 4096;

    @Option(names = "--sites", paramLabel = "N", description = "Sites of the scenarios that have many.")
    int siteCount = 100;

    @Option(
            names = "--policy",
            paramLabel = "none|isp",
            description = "What is looked up; isp: ten restrictions, virtual aliases, transports.")
    String policy = "none";

    @Option(
            names = "--aliases",
            paramLabel = "N",
            description = "Rows of virtual_alias_maps with --policy isp; the other tables have a tenth of them.")
    int aliasCount = 1_000_000;

    @Option(names = "--rate", paramLabel = "N", description = "Messages a second; 0: as many as the relay takes.")
    double messagesPerSecond;

    @Option(
            names = "--slow-sessions",
            paramLabel = "N",
            description = "Other sessions beside the load that send a byte every 20 s.")
    int slowSessionCount;

    @Option(names = "--tls", description = "STARTTLS from the source to the relay, and from that to the sink.")
    boolean hasTls;

    @Option(names = "--pipelining", paramLabel = "yes|no", description = "MAIL, RCPT and DATA in one group.")
    String pipelining = "yes";

    @Mixin
    RelayOptions relay = new RelayOptions();

    @Option(
            names = "--source-program",
            paramLabel = "FILE",
            description = "A smtpload in C in place of our own source.")
    @Nullable
    Path sourceProgram;

    @Option(names = "--sink-program", paramLabel = "FILE", description = "A smtpsink in C in place of our own sink.")
    @Nullable
    Path sinkProgram;

    boolean isPipelined() {
        return !pipelining.equals("no");
    }
}
