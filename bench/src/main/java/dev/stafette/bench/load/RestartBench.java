// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.load.LoadSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long a start takes with many messages in the queue: until the ports are open, the start of the JVM included. Nobody
 * listens where the mail should go, so it stays.
 * Thread: main.
 */
public final class RestartBench {
    private static final double MICROS_IN_SECOND = 1e6;

    @Option(names = "--messages", paramLabel = "N", description = "Messages in the queue.")
    private long messageCount = 1_000_000;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of a message.")
    private int messageBytes = 1024;

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions that fill the queue.")
    private int sessionCount = 200;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private RestartBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        RestartBench bench = new RestartBench();
        return BenchCommand.run("restart", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try {
            Environment.print(out, home, relayOptions, parent, commandLine);
            List<String> mainCf = List.of("relayhost = [127.0.0.1]:" + closedPort());
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                fill(out, relay);
                relay.stop();
                restart(out, "after a stop", relay);
                relay.kill();
                restart(out, "after kill -9", relay);
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void fill(PrintStream out, RelayUnderTest relay) throws IOException {
        InetSocketAddress later = InetSocketAddress.createUnresolved("localhost", 0);
        Source source = new OwnSource(LoadSettings.closedLoop(later, sessionCount, 1, messageBytes));
        SourceFigures figures = source.send(relay.port(), 0, messageCount);
        out.printf(
                Locale.ROOT,
                "%-16s %,d messages, %,.0f a second; %.0f MB resident%n",
                "filled",
                figures.acknowledgedCount(),
                figures.perSecond(),
                relay.read().residentMegabytes());
    }

    private static void restart(PrintStream out, String what, RelayUnderTest relay) throws IOException {
        long startNs = System.nanoTime();
        relay.restart();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        RelayUnderTest.Reading reading = relay.read();
        out.printf(
                Locale.ROOT,
                "%-16s listening again after %.2f s, %.2f s of CPU; %.0f MB resident%n",
                what,
                seconds,
                (reading.cpu().userMicros() + reading.cpu().systemMicros()) / MICROS_IN_SECOND,
                reading.residentMegabytes());
    }
}
