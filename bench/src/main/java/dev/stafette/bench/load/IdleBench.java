// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What a relay takes that has nothing to do: CPU and memory, alone and with many sessions that say nothing after EHLO.
 * Thread: main.
 */
public final class IdleBench {
    private static final double KILOBYTES_IN_MEGABYTE = 1024;

    @Option(names = "--sessions", paramLabel = "N", description = "Idle sessions.")
    private int sessionCount = 1000;

    @Option(names = "--seconds", paramLabel = "N", description = "How long the CPU is watched, twice.")
    private int seconds = 10;

    @Option(names = "--settle", paramLabel = "N", description = "Seconds of rest before.")
    private int settleSeconds = 5;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private IdleBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        IdleBench bench = new IdleBench();
        return BenchCommand.run("idle", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try {
            Environment.print(out, home, relayOptions, parent, commandLine);
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, List.of(), relayOptions)) {
                measure(out, relay);
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private void measure(PrintStream out, RelayUnderTest relay) throws IOException {
        rest(settleSeconds);
        double alone = watch(out, "no sessions", relay);
        List<Socket> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < sessionCount; i++) {
                sessions.add(connect(relay.port()));
            }
            rest(settleSeconds);
            double withSessions = watch(out, sessionCount + " sessions", relay);
            out.printf(
                    Locale.ROOT,
                    "%.1f KB a session%n",
                    (withSessions - alone) * KILOBYTES_IN_MEGABYTE / Math.max(1, sessionCount));
        } finally {
            for (Socket session : sessions) {
                session.close();
            }
        }
    }

    /** Returns the resident memory in MB. */
    private double watch(PrintStream out, String what, RelayUnderTest relay) throws IOException {
        RelayUnderTest.Reading before = relay.read();
        rest(seconds);
        RelayUnderTest.Reading after = relay.read();
        var cpu = after.cpu().since(before.cpu());
        double share = (cpu.userMicros() + cpu.systemMicros()) / TimeUnit.SECONDS.toMicros(seconds);
        out.printf(
                Locale.ROOT,
                "%-16s %6.2f %% of a core, %6.1f MB resident%n",
                what,
                share * 100,
                after.residentMegabytes());
        return after.residentMegabytes();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader replies =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        expect(replies, "220");
        socket.getOutputStream().write("EHLO idle.src.test\r\n".getBytes(StandardCharsets.US_ASCII));
        expect(replies, "250");
        return socket;
    }

    private static void expect(BufferedReader replies, String code) throws IOException {
        String line = replies.readLine();
        while (line != null && line.startsWith(code + "-")) {
            line = replies.readLine();
        }
        if (line == null || !line.startsWith(code)) {
            throw new IOException("the relay said: " + line + " (expected: " + code + ")");
        }
    }

    private static void rest(int restSeconds) throws IOException {
        try {
            TimeUnit.SECONDS.sleep(restSeconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
