// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What a milter adds to a message's time in a session, beside what the same milter takes to answer the same packets when a
 * client says them that does nothing else; by turns.
 * Thread: main.
 */
public final class MilterBench {
    /** Of the client whose mail no milter sees. */
    private static final String WITHOUT = "127.0.0.2";

    private static final double NS_IN_MICRO = 1000;

    @Option(names = "--messages", paramLabel = "N", description = "Of each turn.")
    private int messageCount = 50;

    @Option(names = "--rounds", paramLabel = "N", description = "Of three turns, the first of which does not count.")
    private int roundCount = 8;

    @Option(
            names = "--answer",
            paramLabel = "MS",
            description =
                    "What the milter takes for each answer: much more than the noise of the machine, so that ratios"
                            + " mean something.")
    private int answerMs = 5;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private MilterBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        MilterBench bench = new MilterBench();
        return BenchCommand.run("milter", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try (YesMilter milter = YesMilter.open(answerMs)) {
            Environment.print(out, home, relayOptions, parent, commandLine);
            List<String> mainCf = List.of(
                    "default_transport = discard:",
                    "relayhost =",
                    "smtpd_milters = inet:127.0.0.1:" + milter.port(),
                    "smtpd_milter_maps = inline:{" + WITHOUT + "=DISABLE}");
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                return measure(out, relay.port(), milter);
            }
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    /** Microseconds of a message in one round. */
    private record Round(double without, double with, double bare) {
        double added() {
            return with - without;
        }
    }

    private boolean measure(PrintStream out, int port, YesMilter milter) throws IOException {
        Round[] rounds = new Round[roundCount];
        for (int i = 0; i < roundCount; i++) {
            rounds[i] = new Round(send(WITHOUT, port), send("127.0.0.1", port), replay(milter));
            out.printf(
                    Locale.ROOT,
                    "round %2d: %5.0f µs a message without, %5.0f with the milter, %5.0f the same packets alone%n",
                    i,
                    rounds[i].without,
                    rounds[i].with,
                    rounds[i].bare);
        }
        out.printf(
                Locale.ROOT,
                "%nmedians of rounds 1 to %d: %.0f µs without, %.0f with, %.0f alone for %d round trips; added to"
                        + " alone: %.2f%n",
                roundCount - 1,
                median(rounds, Round::without),
                median(rounds, Round::with),
                median(rounds, Round::bare),
                milter.lastMessage().stream().filter(YesMilter::isAnswered).count(),
                median(rounds, round -> round.added() / round.bare));
        return !milter.lastMessage().isEmpty();
    }

    private static double median(Round[] rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = Arrays.stream(rounds)
                .skip(Math.min(1, rounds.length - 1))
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** One after the other in one session; returns the microseconds of each. */
    private double send(String from, int port) throws IOException {
        byte[] envelope =
                "MAIL FROM:<a@src.test>\r\nRCPT TO:<b@snk.test>\r\nDATA\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] content = ("From: a@src.test\r\nSubject: s\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(57) + ".\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        InetAddress here = InetAddress.getLoopbackAddress();
        try (Socket socket = new Socket(here, port, InetAddress.getByName(from), 0)) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            expect(in, "220");
            socket.getOutputStream().write("EHLO src.test\r\n".getBytes(StandardCharsets.US_ASCII));
            expect(in, "250");
            long beganNs = System.nanoTime();
            for (int i = 0; i < messageCount; i++) {
                socket.getOutputStream().write(envelope);
                expect(in, "250");
                expect(in, "250");
                expect(in, "354");
                socket.getOutputStream().write(content);
                expect(in, "250");
            }
            return (System.nanoTime() - beganNs) / NS_IN_MICRO / messageCount;
        }
    }

    private static void expect(BufferedReader in, String code) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith(code + "-")) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith(code)) {
            throw new IOException("the relay said: " + line + " (expected: " + code + ")");
        }
    }

    /** The packets of a message, as often as there were messages; each waits for the answer to the one before. */
    private double replay(YesMilter milter) throws IOException {
        List<byte[]> packets = milter.lastMessage();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), milter.port())) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            long beganNs = System.nanoTime();
            for (int i = 0; i < messageCount; i++) {
                ByteArrayOutputStream unsaid = new ByteArrayOutputStream();
                for (byte[] packet : packets) {
                    DataOutputStream out = new DataOutputStream(unsaid);
                    out.writeInt(packet.length);
                    out.write(packet);
                    if (YesMilter.isAnswered(packet)) {
                        unsaid.writeTo(socket.getOutputStream());
                        unsaid.reset();
                        in.readNBytes(in.readInt());
                    }
                }
            }
            return (System.nanoTime() - beganNs) / NS_IN_MICRO / messageCount;
        }
    }
}
