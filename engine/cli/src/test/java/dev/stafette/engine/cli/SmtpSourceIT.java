// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.load.SinkFlags;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.demo.HeldPort;
import dev.stafette.engine.load.SmtpSink;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code smtp-source} says to a server and to people, beside Postfix's. */
@Timeout(300)
class SmtpSourceIT {
    private static final String NAME = "smtp-source";

    /** Flags, and where there is one, the command that the server refuses and how. */
    private static final List<String> RUNS = List.of(
            "",
            "-4 -L -r 2 -S hi -l 170 -M me.test -c",
            "-M [192.0.2.1] -l 81",
            "-o -N -r 3",
            "-d -m 3 -r 2 -N -f a@b.c -t x -c",
            "-m 2 -T 4096 -C 3",
            "-F FILE",
            " | CONNECT 550 no",
            "-A -d -m 2 | CONNECT 450 no",
            " | HELO 550 no",
            "-A -d -m 2 | HELO 450 no",
            " | MAIL 450 no",
            "-A -d -m 2 | MAIL 450 no",
            "-r 2 | RCPT 550 no",
            "-A -m 2 -r 2 | RCPT 550 no",
            " | DATA 250 no",
            "-A -d -m 2 | DATA 450 no",
            " | . 450 no",
            "-A -d -m 2 -c | . 450 no",
            "-A -m 2 | RCPT 421 no",
            "-A -m 2 -d | . 521 no",
            "-L -r 2 -A | . 450 no",
            "-m 2 | QUIT 550 no");

    @TempDir
    private Path directory;

    /** Both: what the server heard, and what the program said. */
    private record Run(String heard, PeerCommand said) {}

    private interface Program {
        PeerCommand run(List<String> words) throws Exception;
    }

    private Run run(String line, Program program) throws Exception {
        String[] parts = line.split("\\|");
        String[] refusal = parts.length > 1 ? parts[1].strip().split(" ", 2) : new String[] {"", ""};
        List<String> words = new ArrayList<>();
        for (String word : parts[0].strip().split(" ")) {
            if (!word.isEmpty()) {
                words.add(word.equals("FILE") ? directory.resolve("message").toString() : word);
            }
        }
        try (ScriptedServer server = new ScriptedServer(refusal[0], refusal[1])) {
            words.add(server.address());
            PeerCommand said = program.run(words);
            return new Run(server.heard(), said);
        }
    }

    @Test
    void saysToAServerAndToPeopleWhatPostfixDoes() throws Exception {
        Programs.require(NAME);
        Files.writeString(directory.resolve("message"), "Subject: x\n\n.dot\nlast line");
        List<Callable<PeerCommand>> peers = new ArrayList<>();
        List<String> heard = new ArrayList<>(RUNS);
        for (int i = 0; i < RUNS.size(); i++) {
            int at = i;
            peers.add(() -> {
                Run run = run(RUNS.get(at), words -> PeerCommand.run(NAME, words));
                heard.set(at, run.heard());
                return run.said();
            });
        }
        List<PeerCommand> said = PeerCommand.runAll(peers);
        for (int i = 0; i < RUNS.size(); i++) {
            Run ours = run(RUNS.get(i), words -> PeerCommand.runOurs(NAME, words));
            assertEquals(heard.get(i), ours.heard(), RUNS.get(i));
            assertEquals(said.get(i), ours.said(), RUNS.get(i));
        }
    }

    private static final List<String> WRONG = List.of(
            "",
            "a b",
            "-x h",
            "-l",
            "-l 5 -F /dev/null h",
            "-w 1 -R 2 h",
            "-s 0 h",
            "-m x h",
            "-m 0 h",
            "-r -1 h",
            "-r 0 h",
            "-R 0 h",
            "-w 0 h",
            "-T 0 h",
            "-C 0 h",
            "-l 0 h",
            "-F /nonexistent h",
            "-M a..b h",
            "127.0.0.1:1x",
            "nosuch.invalid:25",
            "unix:/nonexistent",
            "-C 2 127.0.0.1:1");

    @Test
    void refusesWhatPostfixRefuses() throws Exception {
        Programs.require(NAME);
        List<Callable<PeerCommand>> peers = new ArrayList<>();
        for (String line : WRONG) {
            peers.add(() -> PeerCommand.run(NAME, words(line)));
        }
        List<PeerCommand> said = PeerCommand.runAll(peers);
        for (int i = 0; i < WRONG.size(); i++) {
            PeerCommand theirs = said.get(i);
            // It calls itself by its path, in its usage, too, and says more of names.
            String err =
                    theirs.err().replaceAll("/\\S*/smtp-source", NAME).replaceAll("(?m)^.*warning: valid_.*\n", "");
            assertEquals(
                    new PeerCommand(theirs.exitCode(), theirs.out(), err),
                    PeerCommand.runOurs(NAME, words(WRONG.get(i))),
                    WRONG.get(i));
        }
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : Arrays.asList(line.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"-w 1", "-R 1"})
    void waitsBeforeEachMessage(String flags) throws Exception {
        long startNs = System.nanoTime();
        Run run = run(flags + " -m 1", words -> PeerCommand.runOurs(NAME, words));
        assertEquals(0, run.said().exitCode());
        assertTrue(run.heard().contains("QUIT"), run.heard());
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        assertTrue(flags.startsWith("-R") || ms >= 1000, "ms: " + ms);
    }

    @Test
    void showsTheDialogue() throws Exception {
        String err = run("-v -l 3 -M me", words -> PeerCommand.runOurs(NAME, words))
                .said()
                .err();
        assertTrue(err.startsWith("smtp-source: <<< 220 server.test\nsmtp-source: HELO me\n"), err);
        assertTrue(err.contains("smtp-source: .\nsmtp-source: <<< 250 Ok\nsmtp-source: QUIT\n"), err);
    }

    @Test
    void sendsOverManySessionsAndThroughASocketInTheFileSystem() throws Exception {
        Path socket = directory.resolve("s");
        Path dump = directory.resolve("dump");
        SinkFlags flags = SinkFlags.parse(new String[] {"-M", "100", "-D", dump.toString(), "unix:" + socket, "100"});
        try (SmtpSink sink = SmtpSink.open(flags.settings(), new QuietSink())) {
            PeerCommand said = PeerCommand.runOurs(
                    NAME, List.of("-A", "-N", "-d", "-s", "20", "-m", "100", "-t", "u@x.test", "unix:" + socket));
            assertTrue(sink.awaitEnd(60_000), said.err());
        }
        assertEquals(
                100,
                Files.readString(dump)
                        .lines()
                        .filter(line -> line.startsWith("X-Rcpt-Args: <"))
                        .distinct()
                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s 4 -N", "-d -s 3 -N -A", "-L -d -N -T 4096"})
    void loadsPostfixsSink(String flags) throws Exception {
        Programs.require("smtp-sink");
        int port = HeldPort.next();
        String address = "127.0.0.1:" + port;
        // It writes as nobody when root starts it.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path dump = directory.resolve("dump");
        List<String> sink = new ArrayList<>(List.of("/usr/sbin/smtp-sink", "-M", "30", "-D", dump.toString()));
        sink.addAll(flags.startsWith("-L") ? List.of("-L") : List.of());
        sink.addAll(LocalHost.userId() == 0 ? List.of("-u", "nobody") : List.of());
        sink.addAll(List.of(address, "10"));
        Process postfix = new ProcessBuilder(sink)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitPort(port);
            List<String> words = new ArrayList<>(words(flags));
            words.addAll(List.of("-m", "30", "-l", "300", "-f", "a@a.test", "-t", "u@b.test", address));
            PeerCommand said = PeerCommand.runOurs(NAME, words);
            assertTrue(postfix.waitFor(60, TimeUnit.SECONDS), said.err());
            assertEquals(0, postfix.exitValue());
        } finally {
            postfix.destroyForcibly().waitFor();
        }
        List<String> lines = Files.readAllLines(dump);
        assertEquals(
                30, lines.stream().filter("X-Mail-Args: <a@a.test>"::equals).count());
        assertEquals(
                30,
                lines.stream()
                        .filter(line -> line.startsWith("X-Rcpt-Args: <") && line.endsWith("u@b.test>"))
                        .distinct()
                        .count());
        assertEquals(
                30,
                lines.stream()
                        .filter(line -> line.startsWith("Message-Id: "))
                        .distinct()
                        .count());
    }

    private static void awaitPort(int port) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (ConnectException e) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "it does not listen");
                Thread.sleep(20);
            }
        }
    }

    /** Postfix's source, our relay, our sink, and our source. */
    @Test
    void loadsAMailSystemAsPostfixDoes() throws Exception {
        Path program = Programs.require(NAME);
        SinkFlags flags = SinkFlags.parse(new String[] {"-M", "60", "-D", directory + "/dump", "127.0.0.1:0", "100"});
        try (SmtpSink sink = SmtpSink.open(flags.settings(), new QuietSink());
                RunningMta mta = new RunningMta(directory, "relayhost = [127.0.0.1]:" + sink.port())) {
            String address = "127.0.0.1:" + mta.directory().port();
            List<String> words =
                    List.of("-s", "5", "-m", "30", "-N", "-l", "300", "-f", "a@a.test", "-t", "u@b.test", address);
            assertEquals(
                    new PeerCommand(0, "", ""),
                    PeerCommand.run(program.getFileName().toString(), words));
            List<String> kept = new ArrayList<>(List.of("-d"));
            kept.addAll(words);
            assertEquals(new PeerCommand(0, "", ""), PeerCommand.runOurs(NAME, kept));
            assertTrue(sink.awaitEnd(60_000), "not all has come");
        }
        String dump = Files.readString(directory.resolve("dump"));
        assertEquals(60, dump.split("\nX-Rcpt-Args: <[0-9]+u@b.test>", -1).length - 1);
        assertEquals(60, dump.split("\n0?1?X{77,78}\n", -1).length - 1, "content");
    }
}
