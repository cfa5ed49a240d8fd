// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.load.Numbers.BadFlagException;
import dev.stafette.engine.cli.load.SinkFlags;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.demo.HeldPort;
import dev.stafette.engine.load.SmtpSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code smtp-sink} says to a client, beside Postfix's. */
@Timeout(300)
class SmtpSinkIT {
    private static final String NAME = "smtp-sink";

    /** One line each; {@code ~}: it gets no reply; {@code ?}: one comes without a line. */
    private static final String ALL = "EHLO a.b|HELO x|LHLO x|MAIL FROM:<a@b> SIZE=1|MAIL FROM:<a@b>|DATA|RCPT TO:<x@y>"
            + "|RCPT TO:<z@y>|DATA|~Subject: x|~|~..dot|.|DATA|RSET|NOOP|VRFY x|FOO||AUTH PLAIN x|XCLIENT A=b"
            + "|XFORWARD A=b|EXPN x|rcpt to:<a>|QUIT";

    private static final String LMTP = "EHLO a|LHLO a|MAIL FROM:<>|RCPT TO:<x>|RCPT TO:<y>|DATA|~x|.|NOOP|QUIT|NOOP";
    private static final String SHORT = "HELO a.b|MAIL FROM:<>|RCPT TO:<x>|DATA|~x|.|QUIT";

    private static final String DOT = "HELO a.b|MAIL FROM:<>|RCPT TO:<x>|DATA|~x|.|?";
    private static final String WAITS = "HELO a.b|MAIL FROM:<>|RCPT TO:<x>|DATA|?";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ''; ALL
            -4 -8 -a -C -E -F -N -p -c; ALL
            -e -h me.test; ALL
            -P; ALL
            -L; LMTP
            -T 4096 -m 3; SHORT
            -f rcpt -B 599_no; SHORT
            -f MAIL,vrfy; ALL
            -r .; SHORT
            -r ehlo -b 499_wait; ALL
            -f connect; SHORT
            -r connect; SHORT
            -r data; SHORT
            -q rcpt; SHORT
            -q .; DOT
            -Q data; WAITS
            -Q .; DOT
            -Q quit; SHORT
            -A 0; WAITS
            -n 1; SHORT
            -M 1; DOT
            """)
    void saysWhatPostfixDoes(String flags, String script) throws Exception {
        Programs.require(NAME);
        String lines = switch (script) {
            case "ALL" -> ALL;
            case "LMTP" -> LMTP;
            case "WAITS" -> WAITS;
            case "DOT" -> DOT;
            default -> SHORT;
        };
        int port = HeldPort.next();
        Process peer = start(flags, "127.0.0.1:" + port);
        String theirs;
        try {
            theirs = talk(port, lines);
        } finally {
            peer.destroy();
            peer.waitFor();
        }
        try (SmtpSink sink = open(flags, "127.0.0.1:0", new QuietSink())) {
            assertEquals(theirs, talk(sink.port(), lines), flags);
            if (flags.startsWith("-n") || flags.startsWith("-M")) {
                assertTrue(sink.awaitEnd(60_000), "it goes on");
            }
        }
    }

    private static Process start(String flags, String address) throws IOException {
        List<String> words = new ArrayList<>(List.of("/usr/sbin/" + NAME));
        if (LocalHost.userId() == 0) {
            words.addAll(List.of("-u", "nobody"));
        }
        words.addAll(split(flags));
        words.addAll(List.of(address, "10"));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> split(String flags) {
        return flags.isEmpty() ? List.of() : Arrays.asList(flags.split(" "));
    }

    private static SmtpSink open(String flags, String address, QuietSink talk) throws Exception {
        List<String> words = new ArrayList<>(split(flags));
        words.addAll(List.of(address, "10"));
        return SmtpSink.open(SinkFlags.parse(words.toArray(new String[0])).settings(), talk);
    }

    /** The replies, line by line. */
    private static String talk(int port, String script) throws Exception {
        StringBuilder heard = new StringBuilder();
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            if (!readReply(in, heard)) {
                return heard.toString();
            }
            for (String line : script.split("\\|", -1)) {
                boolean isAnswered = !line.startsWith("~");
                if (!line.equals("?")) {
                    socket.getOutputStream()
                            .write(((isAnswered ? line : line.substring(1)) + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                if (isAnswered) {
                    heard.append("C: ").append(line).append('\n');
                }
                if (isAnswered && !readReply(in, heard)) {
                    return heard.toString();
                }
            }
        } catch (IOException e) {
            heard.append("end\n");
        }
        return heard.toString();
    }

    private static Socket connect(int port) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException notYet) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static boolean readReply(BufferedReader in, StringBuilder heard) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.append(line).append('\n');
            if (line.length() < 4 || line.charAt(3) != '-') {
                return true;
            }
        }
        heard.append("end\n");
        return false;
    }

    @Test
    void waitsAsLongAsItIsTold() throws Exception {
        List<Callable<PeerCommand>> runs = new ArrayList<>();
        for (String flags : List.of("-w 1", "-W helo:1", "-W .:1", "-H 1", "-A 1", "-W quit:1:1")) {
            runs.add(() -> {
                try (SmtpSink sink = open(flags, "127.0.0.1:0", new QuietSink())) {
                    long startNs = System.nanoTime();
                    String heard = talk(sink.port(), flags.startsWith("-A") ? WAITS : SHORT);
                    long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                    assertTrue(ms >= 1000, flags + ": " + ms + " ms, " + heard);
                    assertEquals(flags.startsWith("-A"), heard.contains("550 This violates SMTP"), heard);
                    return new PeerCommand(0, heard, "");
                }
            });
        }
        assertEquals(6, PeerCommand.runAll(runs).size());
    }

    @Test
    void endsASessionThatIsSilent() throws Exception {
        QuietSink talk = new QuietSink();
        try (SmtpSink sink = open("-t 1", "127.0.0.1:0", talk)) {
            assertEquals("220 smtp-sink ESMTP\nC: ~HELO\nC: NOOP\n250 smtp-sink\nend\n", afterSilence(sink.port()));
            assertTrue(talk.copy().contains("read timeout"), talk.copy().toString());
        }
    }

    /** A client that was so slow itself that the silence may have been his is none: then another is heard. */
    private static String afterSilence(int port) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            StringBuilder heard = new StringBuilder();
            long startNs = System.nanoTime();
            boolean isSilent = false;
            try (Socket socket = connect(port)) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                readReply(in, heard);
                heard.append("C: ~HELO\nC: NOOP\n");
                socket.getOutputStream().write("HELO x\r\nNO".getBytes(StandardCharsets.US_ASCII));
                isSilent = System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(1);
                readReply(in, heard);
                readReply(in, heard);
            } catch (SocketException lost) {
                heard.append("lost\n");
            }
            if (isSilent || System.nanoTime() - deadlineNs > 0) {
                return heard.toString();
            }
        }
    }

    @Test
    void keepsTooManyConnectionsWaiting() throws Exception {
        try (SmtpSink sink = open("-m 1", "127.0.0.1:0", new QuietSink());
                Socket first = connect(sink.port());
                Socket second = connect(sink.port())) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(second.getInputStream(), StandardCharsets.US_ASCII));
            assertTrue(new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine()
                    .startsWith("220"));
            second.setSoTimeout(300);
            assertThrows(java.net.SocketTimeoutException.class, in::readLine);
            first.shutdownOutput();
            second.setSoTimeout(60_000);
            assertTrue(in.readLine().startsWith("220"));
        }
    }

    @Test
    void logsTheCommandsThatAreNamed() throws Exception {
        QuietSink talk = new QuietSink();
        try (SmtpSink sink = open("-s HELO,rcpt,.", "127.0.0.1:0", talk)) {
            talk(sink.port(), SHORT);
            assertEquals(
                    List.of("log: helo a.b", "log: rcpt TO:<x>", "log: ."),
                    talk.copy().stream()
                            .filter(line -> line.startsWith("log: "))
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"-D", "-d"})
    void dumpsTransactionsAsPostfixDoes(String flag) throws Exception {
        Programs.require(NAME);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        String script = "HELO a.b|MAIL FROM:<a@b> SIZE=1|RCPT TO:<x@y> N|RCPT TO:<z@y>|DATA|~Subject: x|~|~..dot|."
                + "|MAIL FROM:<>|RCPT TO:<x>|DATA|~z|.|MAIL FROM:<>|RCPT TO:<lost>|DATA|~z|QUIT";
        int port = HeldPort.next();
        Process peer = start("-S a\\nb\\101\\\\ " + flag + " " + directory + "/theirs/%Y%%", "127.0.0.1:" + port);
        try {
            talk(port, script.replace("|QUIT", ""));
        } finally {
            peer.destroy();
            peer.waitFor();
        }
        QuietSink said = new QuietSink();
        try (SmtpSink sink = open("-S a\\nb\\101\\\\ " + flag + " " + directory + "/ours/%Y%%", "127.0.0.1:0", said)) {
            talk(sink.port(), script.replace("|QUIT", ""));
        }
        assertEquals(dumped("theirs"), dumped("ours"), said.copy().toString());
        assertTrue(dumped("ours").contains("a\nbA\\X-Client-Addr: 127.0.0.1\n"), dumped("ours"));
    }

    /** Names and contents, without what chance and the clock make; the transaction that was cut off may have left a file. */
    private String dumped(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.toList()) {
                String text = Files.readString(file).replaceAll(" id [0-9a-f]{8};\n\t.*\n", " id\n");
                if (!text.isEmpty() && !text.contains("<lost>")) {
                    texts.add(file.getFileName().toString().replaceAll("(?<=%)[0-9a-f]{8}$", "ID") + ":\n" + text);
                }
            }
            return String.join("", texts.stream().sorted().toList());
        }
    }

    private static final List<String> WRONG = List.of(
            "-x 127.0.0.1:1 2",
            "-d a -D b 127.0.0.1:1 2",
            "-m 0 x:1 1",
            "-M x x:1 1",
            "-n -1 x:1 1",
            "-t 0 x:1 1",
            "-T 0 x:1 1",
            "-b 550 x:1 1",
            "-B 450x x:1 1",
            "-f foo x:1 1",
            "-W a x:1 1",
            "-W helo:0 x:1 1",
            "-W helo:1:100 x:1 1",
            "-H x x:1 1",
            "-w x x:1 1",
            "-A x x:1 1");

    @Test
    void refusesWhatPostfixRefuses() throws Exception {
        Programs.require(NAME);
        List<Callable<PeerCommand>> peers = new ArrayList<>();
        for (String line : WRONG) {
            peers.add(() -> PeerCommand.run(NAME, split(line)));
        }
        List<PeerCommand> said = PeerCommand.runAll(peers);
        for (int i = 0; i < WRONG.size(); i++) {
            PeerCommand theirs = said.get(i);
            String err = theirs.err().replaceAll("/\\S*/smtp-sink", NAME);
            assertEquals(
                    new PeerCommand(theirs.exitCode(), theirs.out(), err),
                    PeerCommand.runOurs(NAME, split(WRONG.get(i))),
                    WRONG.get(i));
        }
    }

    @Test
    void saysWhyItCannotChangeItsRoot() {
        BadFlagException refusal =
                assertThrows(BadFlagException.class, () -> SinkFlags.parse(new String[] {"-R", "/tmp", ":25", "1"}));
        assertTrue(refusal.getMessage().startsWith("-R /tmp: a JVM cannot change its root directory"));
    }

    @Test
    void needsAUserWhenItIsRootAndTakesNoneWhenItIsNot() {
        boolean isRoot = LocalHost.userId() == 0;
        PeerCommand without = PeerCommand.runOurs(NAME, List.of("127.0.0.1:0"));
        assertEquals(isRoot, without.err().contains("-u option is required if running as root"), without.err());
        PeerCommand other = PeerCommand.runOurs(NAME, List.of("-u", "daemon", "127.0.0.1:0", "1"));
        assertEquals(1, other.exitCode());
        assertTrue(
                other.err().contains(isRoot ? "start that" : "-u daemon: only root can become another user"),
                other.err());
        assertFalse(without.err().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "-L, -L", "-e, -o", "-P, -d"})
    void takesWhatPostfixsSourceSends(String sinkFlags, String sourceFlags) throws Exception {
        Programs.require("smtp-source");
        Path dump = directory.resolve("dump");
        try (SmtpSink sink = open((sinkFlags + " -M 20 -D " + dump).strip(), "127.0.0.1:0", new QuietSink())) {
            List<String> words = new ArrayList<>(split(sourceFlags));
            words.addAll(List.of("-A", "-s", "4", "-m", "20", "-r", "2", "-t", "u@x.test", "127.0.0.1:" + sink.port()));
            PeerCommand.run("smtp-source", words);
            assertTrue(sink.awaitEnd(60_000), "it goes on");
        }
        String text = Files.readString(dump);
        assertEquals(20, text.split("X-Rcpt-Args: <2u@x.test>\nX-Rcpt-Args: <u@x.test>\n", -1).length - 1);
        assertEquals(20, text.split("La de da de da 4.\n\n", -1).length - 1);
    }
}
