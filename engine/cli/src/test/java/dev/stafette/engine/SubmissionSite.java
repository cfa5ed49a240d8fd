// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The installation as it was built, with a configuration of its own, and who gets its mail. Thread: the test's. */
final class SubmissionSite implements AutoCloseable {
    static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    static final PeerCommand DONE = new PeerCommand(0, "", "");

    private final Path parent;
    private final RecordingSink sink;
    private final MtaDirectory directory;
    private final List<RecordingSink.Message> others = new ArrayList<>();

    private SubmissionSite(Path parent, RecordingSink sink, MtaDirectory directory) {
        this.parent = parent;
        this.sink = sink;
        this.directory = directory;
    }

    /** Skips without the installation. */
    static SubmissionSite open(String... mainCf) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/sendmail")), "skipped: mvn package makes the installation");
        Path parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "submission");
        RecordingSink sink = RecordingSink.open();
        List<String> lines = new ArrayList<>(List.of(
                "relayhost = [127.0.0.1]:" + sink.port(),
                "minimal_backoff_time = 1s",
                "message_size_limit = 100000",
                "setgid_group = no-such-group"));
        lines.addAll(List.of(mainCf));
        MtaDirectory directory = MtaDirectory.create(parent, "relay", lines);
        // What comes within a test has come because somebody woke it.
        Path masterCf = directory.path().resolve("master.cf");
        Files.writeString(
                masterCf, Files.readString(masterCf).replace("pickup unix n - n 60 ", "pickup unix n - n 3600 "));
        Files.copy(HOME.resolve("conf/jvm.options"), directory.path().resolve("jvm.options"));
        return new SubmissionSite(parent, sink, directory);
    }

    /** For what only root can be asked for. */
    static void assumeRoot() throws IOException {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "not root");
        Programs.require("setpriv");
    }

    MtaProcess start() throws IOException {
        MtaProcess process = MtaProcess.start(HOME, directory, Map.of());
        process.awaitReady();
        return process;
    }

    /** The program, as a user starts it. */
    PeerCommand sendmail(String input, String... words) throws IOException, InterruptedException {
        return run(input, line("sendmail", words));
    }

    /** The same without a JVM of its own, where no more than the message matters. */
    PeerCommand handIn(String input, String... words) {
        List<String> line = line("sendmail", words);
        return PeerCommand.runOurs("sendmail", line.subList(1, line.size()), input);
    }

    /** As another account than the mail system's. */
    PeerCommand sendmailAs(String group, String... words) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid=daemon", "--regid=" + group, "--clear-groups", "--"));
        line.addAll(line("sendmail", words));
        return run("hi\n", line);
    }

    private List<String> line(String program, String... words) {
        List<String> line = new ArrayList<>(List.of(
                HOME.resolve("bin").resolve(program).toString(),
                program.equals("sendmail") ? "-C" : "-c",
                directory.path().toString()));
        line.addAll(List.of(words));
        return line;
    }

    PeerCommand postfix(String word) throws IOException, InterruptedException {
        return run("", line("postfix", word));
    }

    PeerCommand run(String input, List<String> line) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(parent, "run");
        Files.writeString(scratch.resolve("in"), input, StandardCharsets.UTF_8);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.redirectInput(scratch.resolve("in").toFile())
                .redirectOutput(scratch.resolve("out").toFile())
                .redirectError(scratch.resolve("err").toFile())
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "no end of " + line);
        return new PeerCommand(
                process.exitValue(),
                Files.readString(scratch.resolve("out")),
                Files.readString(scratch.resolve("err")));
    }

    /** The next message like this; those that come before it are kept for who asks for them. */
    RecordingSink.Message take(Predicate<RecordingSink.Message> wanted) throws InterruptedException {
        for (RecordingSink.Message message : others) {
            if (wanted.test(message)) {
                others.remove(message);
                return message;
            }
        }
        RecordingSink.Message next = sink.take();
        while (!wanted.test(next)) {
            others.add(next);
            next = sink.take();
        }
        return next;
    }

    RecordingSink.Message takeFor(String recipient) throws InterruptedException {
        return take(message -> message.recipients().contains("RCPT TO:<" + recipient + ">"));
    }

    Path maildrop() {
        return directory.path().resolve("queue/maildrop");
    }

    /** A file goes when its message is known to be in the queue, which may have delivered it by then. */
    void awaitWaitingFiles(int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (waitingFiles().size() > count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(count, waitingFiles().size());
    }

    /** A line is written a while after what it tells of. */
    void awaitLog(String pattern) throws IOException, InterruptedException {
        Pattern line = Pattern.compile(pattern);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!line.matcher(log()).find() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertTrue(line.matcher(log()).find(), log());
    }

    List<Path> waitingFiles() throws IOException {
        try (var files = Files.list(maildrop())) {
            return files.toList();
        }
    }

    Path file(String name) {
        return parent.resolve(name);
    }

    Path queue() {
        return directory.path().resolve("queue");
    }

    Path mainCf() {
        return directory.path().resolve("main.cf");
    }

    String log() throws IOException {
        return Files.readString(directory.path().resolve("mail.log"));
    }

    @Override
    public void close() throws IOException {
        sink.close();
        MtaDirectory.delete(parent);
    }
}
