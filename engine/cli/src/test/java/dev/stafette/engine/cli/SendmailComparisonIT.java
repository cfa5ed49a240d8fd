// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.pickup.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same words and the same input, for Postfix's sendmail and for ours: what lies in maildrop afterwards, what was said,
 * and the exit code.
 */
@Timeout(300)
class SendmailComparisonIT {
    private static final Path POSTFIX = Path.of("/usr/sbin/sendmail");

    @TempDir
    private Path directory;

    private record Result(int exitCode, String out, String err, List<String> records) {}

    /** What is on the input, and the words of the command line. */
    private record Case(String input, List<String> words) {}

    private static Case of(String input, String... words) {
        return new Case(input, List.of(words));
    }

    @BeforeEach
    void configure() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "only root may give Postfix's sendmail a configuration");
        Programs.require("postconf");
        Programs.require(POSTFIX);
    }

    private static Path configure(Path parent, String owner) throws IOException {
        Path queue = parent.resolve("queue");
        Files.writeString(
                Files.createDirectories(parent).resolve("main.cf"),
                "compatibility_level = 3.6\nmyhostname = host.example\nmessage_size_limit = 20000\n" + owner
                        + "queue_directory = " + queue + "\n");
        Files.writeString(parent.resolve("master.cf"), "");
        return queue;
    }

    private static final String PLAIN = "Subject: x\n\nhi\n";

    private static List<Case> envelopes() {
        return List.of(
                of(PLAIN, "-f", "a@b", "c@d"),
                of(PLAIN, "-r", "a@b", "c@d,e", "\"a b\"@c", "<q@r>", "Foo <u@v>", "grp: g@h, i@j;"),
                of(PLAIN, "-f", "", "c@d"),
                of(PLAIN, "-f", "<>", "c@d"),
                of(PLAIN, "-f", "Foo <a@b>", "c@d"),
                of(PLAIN, "-f", "a@b, e@f", "c@d"),
                of(PLAIN, "-f", "a b", "c@d"),
                of(PLAIN, "-F", "Full Name", "c@d"),
                of(PLAIN, "-N", "never", "-R", "hdrs", "-V", "id+2Bx", "-B", "8BITMIME", "c@d", "e@f"),
                of(PLAIN, "-N", "success,failure,delay", "-R", "full", "-B", "7BIT", "c@d"),
                of(PLAIN, "-N", "never,failure", "c@d"),
                of(PLAIN, "-N", "foo", "-R", "foo", "c@d"),
                of(PLAIN, "-V", "a\tb", "c@d"),
                of(PLAIN, "-V", "a b+2Bc", "c@d"),
                of(PLAIN, "-V", "x".repeat(101), "c@d"),
                of(PLAIN, "-F", "", "c@d"),
                of(PLAIN, "-N", "success", "a.@b", "undisclosed:;"),
                of(PLAIN, "-G", "c@d"),
                of(PLAIN, "<>"),
                of(PLAIN, ""),
                of(PLAIN, "@"),
                of(PLAIN, "a b", "c@d e@f"),
                of(PLAIN, "joe", "jo'e", "a!b", "a%b", "/dev/null", "|prog", "\"|prog x\"", "\\esc", "a@[1.2.3.4]"),
                of(PLAIN, "--", "-x@y"),
                of(
                        PLAIN, "-om", "-oee", "-o7", "-oA/x", "-em", "-m", "-U", "-c", "-h", "3", "-L", "t", "-p", "x",
                        "c@d"),
                of(PLAIN, "-O", "a=b", "-Ac", "-bm", "c@d"),
                of(PLAIN, "-v", "-f", "a@b", "c@d", "e"),
                of(PLAIN, "-v", "-f", "<>", "c@d"),
                of("To: a@b\n\n", "-v", "-t"),
                of(PLAIN, "-bv", "-f", "a@b", "c@d"),
                of(PLAIN, "-XV", "-f", "a@b", "c@d", "e@f"),
                of(PLAIN, "-XV=-", "-f", "a@b", "-N", "failure", "-B", "8BITMIME", "-v", "c@d"),
                of(PLAIN, "-XV", "-bv", "c@d"),
                of("To: c@d\n\n", "-XV+=", "-t"),
                of("", "-bv", "-f", "", "c@d", "e", "", "\"f g\"@h, i"),
                of(PLAIN, "-bv", "-bm", "-N", "bogus", "-V", "id+2Bx", "-F", "Me", "c@d"));
    }

    private static List<Case> contents() {
        return List.of(
                of("", "c@d"),
                of("no end", "c@d"),
                of("a\n.\nb\n", "c@d"),
                of("a\n.\nb\n", "-i", "c@d"),
                of("a\n.\nb\n", "-oi", "c@d"),
                of("a\n..\n. \n.x\n", "c@d"),
                of("a\r\n\r\nb\n\rc\r\r\n.\r\nd\n", "c@d"),
                of(".\nx", "c@d"),
                of(".", "c@d"),
                of("From a@b Mon Jan 1\n>From c\n>>From d\nFrom: e\n", "c@d"),
                of("From a@b Mon Jan 1", "c@d"),
                of("X\0Y\rZ\n" + "l".repeat(5000) + "\n" + "m".repeat(2048) + "\n.\n", "c@d"),
                of("l".repeat(2048) + ".\n.", "c@d"),
                of("x".repeat(30_000), "c@d"),
                of("\u00e4\u20ac\n", "c@d"));
    }

    private static List<Case> headers() {
        return List.of(
                of(
                        "To: a@b, \"Joe, Q\" <joe@c.d> (comment), grp: g@h, i@j;\nCc: x\n\t<f@g>, bare\nBcc: s@t\n\nTo: no@no\n",
                        "-t"),
                of("Resent-To: r@x\nTo: a@b\nResent-From: me\nBcc: c@d\nResent-Bcc: s@x\n\nx\n", "-t", "extra@x"),
                of("Resent-From: me\nTo: a@b\n\nx\n", "-t"),
                of("To: a@b\nCC: c@d\nresent-cc: e@f\n\n", "-t"),
                of("To: a@b, a@b\nCc: a@b\n\n", "-t", "a@b"),
                of("Apparently-To: a@b\nTo: c@d\n\n", "-t"),
                of("to:a@b\n\n", "-t", "-N", "success"),
                of("To:\n a@b,\n\tc@d\n ,e@f\n\n", "-t"),
                of(
                        "To: @r1,@r2:real@b, a@b@c, \"q\\\"u\" @ x . y, (c) n, [x], <a@[1.2.3.4]>, a b, u v@h, , <>, :;, x:;\n\n",
                        "-t"),
                of("To: a@b, <broken, \"unterminated\n\n", "-t"),
                of("To: (open a@b\n\n", "-t", "z@z"),
                of("To: Foo Bar <a@b> c@d, \"x\" y <e@f>\n\n", "-t"),
                of("To: Foo Bar: a@b, x y: c@d;, a@b <c@d> e@f <g@h>, a \"\" <b@c>, i <d@e> f g <h@i> j\n\n", "-t"),
                of("To: <a b@c>, < d @ e >\n\n", "-t"),
                of("To: a@b>, ]c, )d, e\\@f@g\n\n", "-t"),
                of("To: =?utf-8?q?x?= <enc@x>, \u00e4@b\n\n", "-t"),
                of("To: a@b\n \n x@y\n\nx\n", "-t"),
                of("Subject: none\n\n", "-t"),
                of("Subject: none\n\n", "-t", "-f", "sender@b"),
                of("Subject: none\n\n", "-t", "-f", ""),
                of("To: undisclosed-recipients:;\n\n", "-t"),
                of("\nTo: a@b\n", "-t"),
                of("From x y\nTo: a@b\n\n.\n", "-t"),
                of("To: a@b", "-t"),
                of("To: a@b\n.\nCc: c@d\n", "-t"));
    }

    private static List<Case> mistakes() {
        return List.of(
                of(PLAIN),
                of(PLAIN, "-Z", "c@d"),
                of(PLAIN, "-f"),
                of(PLAIN, "-bx", "c@d"),
                of(PLAIN, "-B", "foo", "c@d"),
                of(PLAIN, "-B", "8bitmime", "c@d"),
                of(PLAIN, "-n", "c@d"),
                of(PLAIN, "-X", "/x", "c@d"),
                of(PLAIN, "-qI"),
                of(PLAIN, "-qR"),
                of(PLAIN, "-qSx"),
                of(PLAIN, "-t", "-q"),
                of(PLAIN, "-bs", "-t"),
                of(PLAIN, "-o"),
                of(PLAIN, "-b"),
                of(PLAIN, "-oi"),
                of(PLAIN, "-bm"),
                of(PLAIN, "-h", "c@d"),
                of(PLAIN, "-bv"),
                of(PLAIN, "-bv", "-v", "c@d"),
                of(PLAIN, "-XVx", "c@d"),
                of(PLAIN, "-XV+=-", "c@d"),
                of(PLAIN, "-XV+a", "c@d"),
                of(PLAIN, "-XV", "-f", "<>", "c@d"),
                of(PLAIN, "-bv", "-t"),
                of(PLAIN, "-bv", "-R", "full", "c@d"),
                of(PLAIN, "-bv", "-N", "success", "-R", "hdrs", "c@d"),
                of(PLAIN, "-q5m", "-t"),
                of(PLAIN, "-q5m", "-bv", "-N", "never", "c@d"),
                of(PLAIN, "-v", "-bv", "-t"),
                of(PLAIN, "-bp", "-bv", "-t"),
                of(PLAIN, "-bs", "-v", "-bv"),
                of(PLAIN, "-bp", "c@d"),
                of(PLAIN, "-bi", "c@d"),
                of(PLAIN, "-I", "c@d"),
                of(PLAIN, "-bs", "c@d"),
                of(PLAIN, "-bd", "c@d"),
                of(PLAIN, "-bl", "c@d"),
                of(PLAIN, "-q", "c@d"),
                of(PLAIN, "-q5m", "c@d"),
                of(PLAIN, "-q5m", "-bm", "c@d"),
                of(PLAIN, "-bm", "-q5m", "c@d"),
                of(PLAIN, "-bs", "-q5m", "c@d"),
                of(PLAIN, "-q5m"),
                of(PLAIN, "-bd", "-q5m", "c@d"),
                of(PLAIN, "-q5m", "-bd", "c@d"),
                of(PLAIN, "-bp", "-bv", "c@d"),
                of(PLAIN, "-qI4xT", "c@d"),
                of(PLAIN, "-qRx.example", "c@d"),
                of(PLAIN, "-bh", "c@d"),
                of(PLAIN, "-bh"),
                of(PLAIN, "-bH"));
    }

    @Test
    void handsInTheSameEnvelope() throws Exception {
        compare(envelopes(), result -> result);
    }

    @Test
    void handsInTheSameContent() throws Exception {
        compare(contents(), result -> result);
    }

    @Test
    void findsTheSameRecipients() throws Exception {
        // Postfix writes a header anew; here that is left to intake.
        compare(headers(), SendmailComparisonIT::withoutContent);
    }

    @Test
    void refusesInTheSameWords() throws Exception {
        compare(mistakes(), result -> result);
    }

    private static Result withoutContent(Result result) {
        List<String> rest = result.records.stream()
                .filter(record -> !record.startsWith("N") && !record.startsWith("L"))
                .toList();
        return new Result(result.exitCode, result.out, result.err, rest);
    }

    /** Postfix's run beside each other, for it waits a second before it ends with an error. */
    private void compare(List<Case> cases, UnaryOperator<Result> part) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            processes.add(start(directory.resolve("postfix" + i), cases.get(i)));
        }
        List<Executable> checks = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Result expected = part.apply(end(directory.resolve("postfix" + i), processes.get(i)));
            Result actual = part.apply(ours(directory.resolve("ours" + i), cases.get(i)));
            String what = cases.get(i).toString();
            checks.add(() -> assertEquals(expected, actual, what));
        }
        assertAll(checks);
    }

    private static Process start(Path parent, Case asked) throws IOException {
        Path queue = configure(parent, "");
        for (String name : List.of("maildrop", "public", "incoming", "pid")) {
            Files.createDirectories(queue.resolve(name));
        }
        Path in = Files.writeString(parent.resolve("in"), asked.input);
        List<String> line = new ArrayList<>(List.of(POSTFIX.toString(), "-C", parent.toString()));
        line.addAll(asked.words);
        return new ProcessBuilder(line)
                .redirectInput(in.toFile())
                .redirectOutput(parent.resolve("out").toFile())
                .redirectError(parent.resolve("err").toFile())
                .start();
    }

    private static Result end(Path parent, Process process) throws Exception {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end: " + parent);
        }
        return new Result(
                process.exitValue(),
                Files.readString(parent.resolve("out")),
                said(Files.readString(parent.resolve("err"))),
                records(parent.resolve("queue/maildrop")));
    }

    private static Result ours(Path parent, Case asked) throws IOException {
        Path queue = configure(parent, "mail_owner = nobody\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(asked.input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        List<String> line = new ArrayList<>(List.of("sendmail", "-C", parent.toString()));
        line.addAll(asked.words);
        int exitCode = Main.run(line.toArray(new String[0]), terminal);
        return new Result(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                said(err.toString(StandardCharsets.UTF_8)),
                records(queue.resolve("maildrop")));
    }

    /** Without what a mail system that is down, and a process of its own for the file, have to say; and once. */
    private static String said(String err) {
        return String.join(
                "\n",
                Arrays.stream(err.split("\n"))
                        .filter(line -> !line.startsWith("postdrop: warning:"))
                        .filter(line -> !line.startsWith("sendmail: warning: mail_stream_cleanup"))
                        .distinct()
                        .toList());
    }

    private static List<String> records(Path maildrop) throws IOException {
        if (!Files.isDirectory(maildrop)) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(maildrop)) {
            for (Path file : files.toList()) {
                try (ReadableByteChannel channel = Channels.newChannel(Files.newInputStream(file))) {
                    RecordReader reader = new RecordReader(channel);
                    for (int type = reader.next(); type >= 0; type = reader.next()) {
                        if (type != 'T') {
                            all.add((char) type + reader.text());
                        }
                    }
                }
            }
        }
        return all;
    }
}
