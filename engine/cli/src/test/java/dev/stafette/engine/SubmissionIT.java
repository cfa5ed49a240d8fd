// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.RecordingSink.Message;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.MaildropEntry;
import dev.stafette.engine.pickup.WaitingMail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();

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

    @Test
    void completesTheHeaderOfWhatIsWrittenHere() throws Exception {
        assertEquals(DONE, sendmail("To: one@x.test, joe\nX: y\n\nhi\n", "-t", "-f", "me", "-F", "Joe Q. User"));
        WaitingMail waiting = new WaitingMail(new Maildrop(directory.path().resolve("queue")));
        List<String> ids = waiting.ids("", 10);
        assertEquals(1, ids.size());
        MaildropEntry entry = Objects.requireNonNull(waiting.entry(ids.get(0)));
        assertEquals("me", entry.sender());
        assertEquals(List.of("one@x.test", "joe"), entry.recipients());
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            Message message = sink.take();
            assertEquals("one@x.test, joe@relay.test", message.field("To"));
            assertEquals("\"Joe Q. User\" <me@relay.test>", message.field("From"));
            assertEquals("hi\n", message.text());
        }
    }

    /** Of two messages that are handed in, the one whose alias is a mistake waits, and holds up nobody. */
    @Test
    void rewritesAddressesInAndOutAndKeepsWhatAMapMakesImpossible() throws Exception {
        Path mainCf = directory.path().resolve("main.cf");
        Files.writeString(
                mainCf,
                Files.readString(mainCf)
                        + "virtual_alias_maps = inline:{loop@x.test=pool@x.test, pool@x.test=loop@x.test,"
                        + " {team@x.test=one@x.test two@x.test}}\n"
                        + "smtp_generic_maps = inline:{me@relay.test=Me@isp.test}\n");
        assertEquals(DONE, sendmail("Subject: s\n\nhi\n", "-f", "me", "loop@x.test"));
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            assertEquals(DONE, sendmail("To: team@x.test\n\nhi\n", "-f", "me", "team@x.test"));
            Message message = sink.take();
            assertEquals("MAIL FROM:<Me@isp.test>", message.mail().replaceAll(" (SIZE|BODY).*", ""));
            assertEquals(List.of("RCPT TO:<one@x.test>", "RCPT TO:<two@x.test>"), message.recipients());
            assertEquals("team@x.test", message.field("To"));
            assertEquals("Me@isp.test", message.field("From").replaceAll(".*<|>", ""));
            assertEquals("hi\n", message.text());
            while (waitingFiles() > 1) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        assertEquals(1, waitingFiles());
        String log = Files.readString(directory.path().resolve("mail.log"));
        assertTrue(log.contains(": unreasonable virtual_alias_maps map nesting for loop@x.test"), log);
        assertTrue(log.contains(": to=<one@x.test>, orig_to=<team@x.test>, relay=127.0.0.1"), log);
    }

    @Test
    void returnsWhatGoesInCircles() throws Exception {
        assertEquals(DONE, sendmail("Received: x\n".repeat(60) + "Subject: round\n\nhi\n", "-f", "a@b", "c@d"));
        assertEquals(DONE, sendmail("Received: x\n".repeat(60) + "\nhi\n", "-f", "", "c@d"));
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            Message report = sink.take();
            assertEquals("MAIL FROM:<>", report.mail().replaceAll(" (SIZE|BODY).*", ""));
            assertEquals(List.of("RCPT TO:<a@b>"), report.recipients());
            assertTrue(report.text().contains("Error: too many hops"), report.text());
            assertTrue(report.text().contains("Subject: round"), report.text());
            while (waitingFiles() > 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            try (var corrupt = Files.list(directory.path().resolve("queue/corrupt"))) {
                assertEquals(1, corrupt.count());
            }
        }
    }

    /** Reports of the queue and of pickup, and what a reload changes. */
    @Test
    void reportsInTheWordsOfTheTemplateFile() throws Exception {
        Path templates = Files.write(parent.resolve("templates"), template("First"));
        Path mainCf = directory.path().resolve("main.cf");
        Files.writeString(
                mainCf,
                Files.readString(mainCf) + "bounce_template_file = " + templates
                        + "\nrelay_domains = b.test\ndefault_transport = error:5.1.2 nowhere\n");
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            assertEquals(DONE, sendmail("Received: x\n".repeat(60) + "\nhi\n", "-f", "a@b.test", "c@b.test"));
            assertReports("First", "too many hops", sink.take());
            assertEquals(DONE, sendmail("hi\n", "-f", "a@b.test", "c@d.test"));
            assertReports("First", "nowhere", sink.take());
            Files.write(templates, template("Second"));
            String postfix = HOME.resolve("bin/postfix").toString();
            Outcome reload = run("", List.of(postfix, "-c", directory.path().toString(), "reload"));
            assertEquals(0, reload.exitCode(), reload.err());
            assertEquals(DONE, sendmail("hi\n", "-f", "a@b.test", "c@d.test"));
            assertReports("Second", "nowhere", sink.take());
        }
    }

    private static byte[] template(String subject) {
        String text = "failure_template = <<EOF\nCharset: iso-8859-1\nFrom: <postmaster>\nSubject: " + subject
                + "\n\nSo says $myhostname: \u00fc.\nEOF\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertReports(String subject, String why, Message report) {
        assertEquals(List.of("RCPT TO:<a@b.test>"), report.recipients());
        assertEquals(subject, report.field("Subject"));
        assertEquals("<postmaster@relay.test>", report.field("From"));
        assertTrue(report.text().contains("\n\nSo says relay.test: \u00fc.\n\n<c@"), report.text());
        assertTrue(report.text().contains(why), report.text());
    }

    /** Another account than the mail system's. */
    private Outcome sendmailAs(String group, String... words) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid=daemon", "--regid=" + group, "--clear-groups", "--"));
        line.add(HOME.resolve("bin/sendmail").toString());
        line.addAll(List.of("-C", directory.path().toString()));
        line.addAll(List.of(words));
        return run("hi\n", line);
    }

    private void assumeRoot() throws IOException {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "not root");
        Programs.require("setpriv");
    }

    @Test
    void takesMailOfEverybodyWithoutAGroupForIt() throws Exception {
        assumeRoot();
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            assertEquals(DONE, sendmailAs("daemon", "c@d"));
            Message message = sink.take();
            assertEquals("MAIL FROM:<daemon@relay.test>", message.mail());
            assertTrue(message.field("Received").contains("from userid 1)"), message.field("Received"));
        }
        assertEquals(03733, (Integer) Files.getAttribute(maildrop(), "unix:mode") & 07777);
    }

    @Test
    void takesMailOfTheGroupThatMayHandIn() throws Exception {
        assumeRoot();
        Path mainCf = directory.path().resolve("main.cf");
        Files.writeString(
                mainCf, Files.readString(mainCf).replace("no-such-group", "games\ncommand_directory = /nowhere"));
        // Root makes the directories.
        assertEquals(DONE, sendmail("hi\n", "-f", "first@x.test", "c@d"));
        assertEquals(01730, (Integer) Files.getAttribute(maildrop(), "unix:mode") & 07777);
        Outcome refused = sendmailAs("daemon", "-f", "no@x.test", "c@d");
        assertEquals(75, refused.exitCode());
        assertTrue(refused.err().contains("(expected: the rights of group games, or a program "), refused.err());
        assertEquals(DONE, sendmailAs("games", "-f", "second@x.test", "c@d"));
        try (MtaProcess relay = start()) {
            assertTrue(relay.isAlive());
            Set<String> senders = Set.of(sink.take().mail(), sink.take().mail());
            assertEquals(Set.of("MAIL FROM:<first@x.test>", "MAIL FROM:<second@x.test>"), senders);
        }
    }

    @Test
    void handsInThroughAPostdropThatMay() throws Exception {
        assumeRoot();
        Path mainCf = directory.path().resolve("main.cf");
        Files.writeString(mainCf, Files.readString(mainCf).replace("no-such-group", "games"));
        assertEquals(DONE, sendmail("hi\n", "-f", "first@x.test", "c@d"));
        Path bin = Files.createDirectory(parent.resolve("bin"));
        Path source = Files.writeString(parent.resolve("postdrop.c"), WRAPPER.formatted(HOME.resolve("bin/postdrop")));
        Outcome compiled = run("", List.of("sh", "-c", "cc -o " + bin + "/postdrop " + source));
        // No program that the tests talk to: CI installs none.
        Assumptions.assumeTrue(compiled.exitCode() == 0, "there is no C compiler");
        run("", List.of("sh", "-c", "chgrp games " + bin + "/postdrop && chmod 2755 " + bin + "/postdrop"));
        Files.writeString(mainCf, Files.readString(mainCf) + "command_directory = " + bin + "\n");
        assertEquals(DONE, sendmailAs("daemon", "-f", "second@x.test", "c@d"));
        assertEquals(2, waitingFiles());
    }

    /** As conf/README.md has it. */
    private static final String WRAPPER = """
            #include <unistd.h>
            int main(int argc, char **argv) {
                char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0};
                gid_t group = getegid();
                if (setregid(group, group) != 0) return 75;
                argv[0] = "%1$s";
                execve(argv[0], argv, environment);
                return 75;
            }
            """;
}
