// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.RecordingSink.Message;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The installation as it was built: what local programs hand in arrives, whether the mail system runs or not. */
@Timeout(180)
class SubmissionIT {
    private static final Path HOME = Path.of("target", "stafette").toAbsolutePath();

    private Path parent;
    private RecordingSink sink;
    private MtaDirectory directory;

    @BeforeEach
    void makeDirectory() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/sendmail")), "skipped: mvn package makes the installation");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "submission");
        sink = RecordingSink.open();
        directory = MtaDirectory.create(
                parent,
                "relay",
                List.of(
                        "relayhost = [127.0.0.1]:" + sink.port(),
                        "minimal_backoff_time = 1s",
                        "message_size_limit = 100000",
                        "setgid_group = no-such-group"));
        Files.copy(HOME.resolve("conf/jvm.options"), directory.path().resolve("jvm.options"));
    }

    @AfterEach
    void deleteDirectory() throws Exception {
        if (parent != null) {
            sink.close();
            MtaDirectory.delete(parent);
        }
    }

    record Outcome(int exitCode, String out, String err) {}

    private Outcome sendmail(String input, String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(HOME.resolve("bin/sendmail").toString());
        line.addAll(List.of("-C", directory.path().toString()));
        line.addAll(List.of(words));
        return run(input, line);
    }

    private Outcome run(String input, List<String> line) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(parent, "run");
        Files.writeString(scratch.resolve("in"), input, StandardCharsets.UTF_8);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.redirectInput(scratch.resolve("in").toFile())
                .redirectOutput(scratch.resolve("out").toFile())
                .redirectError(scratch.resolve("err").toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "no end of " + line);
        return new Outcome(
                process.exitValue(),
                Files.readString(scratch.resolve("out")),
                Files.readString(scratch.resolve("err")));
    }

    private MtaProcess start() throws Exception {
        MtaProcess process = MtaProcess.start(HOME, directory, Map.of());
        process.awaitReady();
        return process;
    }

    private Path maildrop() {
        return directory.path().resolve("queue/maildrop");
    }

    private long waitingFiles() throws IOException {
        try (var files = Files.list(maildrop())) {
            return files.count();
        }
    }

    private static final Outcome DONE = new Outcome(0, "", "");

    @Test
    void keepsMailUntilTheMailSystemIsThere() throws Exception {
        assertEquals(DONE, sendmail("hi\n", "-f", "a@b", "c@d"));
        assertEquals(1, waitingFiles());
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            Message message = sink.take();
            assertEquals("MAIL FROM:<a@b>", message.mail());
            assertEquals(List.of("RCPT TO:<c@d>"), message.recipients());
            assertEquals("hi\n", message.text());
            String received = message.field("Received");
            assertTrue(received.startsWith("by relay.test (Stafette, from userid "), received);
            String log = Files.readString(directory.path().resolve("mail.log"));
            assertTrue(log.matches("(?s).*/pickup\\[\\d+\\]: \\w+: uid=\\d+ from=<a@b>\n.*"), log);
        }
        assertEquals(0, waitingFiles());
    }

    @Test
    void deliversAtOnceWhatIsHandedInWhileItRuns() throws Exception {
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            long startNs = System.nanoTime();
            String text = "To: One <one@x.test>, (no) two@x.test\nBcc: \"th ree\"@x.test\nSubject: s\n\n.dot\n..two\n";
            assertEquals(DONE, sendmail(text + ".\nnot this\n", "-t", "-f", "me", "four@x.test,one@x.test"));
            Message message = sink.take();
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(20), "it was not woken");
            assertEquals("MAIL FROM:<me@relay.test>", message.mail());
            assertEquals(
                    Set.of(
                            "RCPT TO:<four@x.test>",
                            "RCPT TO:<one@x.test>",
                            "RCPT TO:<two@x.test>",
                            "RCPT TO:<\"th ree\"@x.test>"),
                    new HashSet<>(message.recipients()));
            assertEquals(4, message.recipients().size());
            assertEquals("", message.field("Bcc"));
            assertEquals("One <one@x.test>, (no) two@x.test", message.field("To"));
            assertFalse(message.field("Date").isEmpty());
            assertFalse(message.field("Message-Id").isEmpty());
            assertEquals(".dot\n..two\n", message.text());
        }
    }

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        Set<String> sent = new HashSet<>();
        try (MtaProcess relay = start()) {
            for (int i = 0; i < 6; i++) {
                assertEquals(DONE, sendmail("n" + i + "\n", "-f", "a@b", "c@d"));
                sent.add("n" + i + "\n");
                if (i == 3) {
                    killJvms();
                    relay.kill();
                }
            }
        }
        try (MtaProcess again = start()) {
            assertTrue(again.isAlive());
            while (!sent.isEmpty()) {
                sent.remove(sink.take().text());
            }
        }
        assertEquals(0, waitingFiles());
    }

    private static void killJvms() {
        ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("stafette.jar"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void refusesWhatIsTooBig() throws Exception {
        Outcome outcome = sendmail("a".repeat(200_000), "-f", "a@b", "c@d");
        assertEquals(75, outcome.exitCode());
        assertTrue(outcome.err().endsWith("): message file too big\n"), outcome.err());
        assertEquals(0, waitingFiles());
    }

    @Test
    void movesAwayWhatMakesNoSense() throws Exception {
        assertEquals(DONE, sendmail("hi\n", "-f", "a@b", "c@d"));
        Path torn = maildrop().resolve("torn");
        Files.write(torn, new byte[] {'S', 3, 'a', '@', 'b', 'M', 0, 'N', 2, 'h'});
        Files.setAttribute(torn, "unix:mode", 0744);
        Path unfinished = Files.writeString(maildrop().resolve("unfinished"), "S");
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            assertEquals("hi\n", sink.take().text());
            while (Files.exists(torn)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertTrue(Files.exists(directory.path().resolve("queue/corrupt/torn")));
            assertTrue(Files.exists(unfinished));
        }
        assertEquals(0, sink.waitingCount());
    }
}
