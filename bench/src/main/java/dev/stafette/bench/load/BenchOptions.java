// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--rate", paramLabel = "N", description = "Messages a second; 0: as many as the relay takes.")
    double messagesPerSecond;

    @Option(names = "--pipelining", paramLabel = "yes|no", description = "MAIL, RCPT and DATA in one group.")
    String pipelining = "yes";

    @Option(names = "--installation", paramLabel = "DIR", description = "What is measured: engine/target/stafette.")
    @Nullable
    Path installation;

    @Option(names = "--java-home", paramLabel = "DIR", description = "The Java of the relay.")
    @Nullable
    Path javaHome;

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "For the relay's JVM, behind those of conf/; repeatable.")
    List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A line of the relay's main.cf; repeatable.")
    List<String> mainCf = new ArrayList<>();

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the queue goes: the disk that is measured.")
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--source-program",
            paramLabel = "FILE",
            description = "A smtpload in C in place of our own source.")
    @Nullable
    Path sourceProgram;

    @Option(names = "--sink-program", paramLabel = "FILE", description = "A smtpsink in C in place of our own sink.")
    @Nullable
    Path sinkProgram;

    @Option(names = "--help", usageHelp = true, description = "This text.")
    boolean isHelpAsked;

    boolean isPipelined() {
        return !pipelining.equals("no");
    }
}
