// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
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

    @Option(names = "--warmup", paramLabel = "N", description = "Sessions that come and go before.")
    private int warmupCount = 200;

    @Option(names = "--seconds", paramLabel = "N", description = "How long the CPU is watched, twice.")
    private int seconds = 10;

    @Option(names = "--settle", paramLabel = "N", description = "Seconds of rest before.")
    private int settleSeconds = 5;

    @Option(names = "--tls", description = "The sessions are within TLS.")
    private boolean hasTls;

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
            List<String> mainCf = new ArrayList<>();
            mainCf.add("smtpd_client_connection_count_limit = 0");
            if (hasTls) {
                mainCf.addAll(BenchTls.make(parent, "ecdsa").mainCf());
            }
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                measure(out, relay);
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private void measure(PrintStream out, RelayUnderTest relay) throws IOException {
        List<Socket> sessions = new ArrayList<>();
        try {
            // What the first ones load and compile is no session's.
            open(sessions, warmupCount, relay);
            close(sessions);
            rest(settleSeconds);
            double alone = watch(out, "no sessions", relay);
            open(sessions, sessionCount, relay);
            rest(settleSeconds);
            double withSessions = watch(out, sessionCount + " sessions", relay);
            out.printf(
                    Locale.ROOT,
                    "%.1f KB a session%n",
                    (withSessions - alone) * KILOBYTES_IN_MEGABYTE / Math.max(1, sessionCount));
        } finally {
            close(sessions);
        }
    }

    private void open(List<Socket> sessions, int count, RelayUnderTest relay) throws IOException {
        for (int i = 0; i < count; i++) {
            sessions.add(connect(relay.port(), hasTls));
        }
    }

    private static void close(List<Socket> sessions) throws IOException {
        for (Socket session : sessions) {
            session.close();
        }
        sessions.clear();
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

    private static Socket connect(int port, boolean hasTls) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        // Else what follows the handshake waits for the other side's delayed acknowledgement.
        socket.setTcpNoDelay(true);
        BufferedReader replies =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        expect(replies, "220");
        socket.getOutputStream().write("EHLO idle.src.test\r\n".getBytes(StandardCharsets.US_ASCII));
        expect(replies, "250");
        if (!hasTls) {
            return socket;
        }
        socket.getOutputStream().write("STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
        expect(replies, "220");
        SSLSocket within = (SSLSocket) believer().createSocket(socket, "relay.bench.test", port, true);
        within.startHandshake();
        within.getOutputStream().write("EHLO idle.src.test\r\n".getBytes(StandardCharsets.US_ASCII));
        expect(new BufferedReader(new InputStreamReader(within.getInputStream(), StandardCharsets.US_ASCII)), "250");
        return within;
    }

    /** Takes every certificate. */
    private static SSLSocketFactory believer() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate(List.of())}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
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
