// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, as the user that runs the test. */
@Timeout(180)
class MailCommandsTest {
    private static final String MESSAGE = "Subject: x\n\n.hello\n";

    /** The file is whole as soon as it is there. */
    private static final String HANG = "echo working; sleep 300 & echo $! >new; mv new child; wait";

    @TempDir
    private Path directory;

    private Path scratch;
    private MailCommands commands;
    private UserIds self;
    private String place;
    private Duration limit = Duration.ofSeconds(60);

    @BeforeEach
    void open() throws IOException {
        scratch = Files.createDirectory(directory.resolve("scratch"));
        OwnIdentity own = OwnIdentity.ofThisProcess();
        self = new UserIds("self", own.uid(), 1);
        place = directory.toString();
        commands = new MailCommands(own, scratch);
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        commands.close();
        try (Stream<Path> files = Files.list(scratch)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private CommandResult run(CommandLine line, String message) {
        FileBody body = FileBody.of(message).cutAt(7);
        CommandOrder order = new CommandOrder(
                "pipe",
                line,
                self,
                CommandEnvironment.of(List.of("MAIL_CONFIG=/etc/x", "NOT_THERE"), name -> null)
                        .with(Map.of("SENDER", "s@example.org")),
                place,
                limit,
                CopyRules.PLAIN,
                new CopyAddresses("", "", ""));
        try {
            return commands.run(order, body, 0);
        } finally {
            body.release();
        }
    }

    private CommandResult shell(String script) {
        return run(CommandLine.ofWords(List.of("/bin/sh", "-c", script)), MESSAGE);
    }

    private static CommandResult failed(int statusClass, int subject, int detail, String text) {
        return CommandResult.failed(EnhancedStatus.of(statusClass, subject, detail), text);
    }

    private static CommandResult delivered(String output) {
        return new CommandResult(Kind.DELIVERED, EnhancedStatus.SENT, output);
    }

    @Test
    void givesTheMessageOnStandardInput() throws IOException {
        assertEquals(delivered(""), shell("cat >got"));
        assertEquals(MESSAGE, Files.readString(directory.resolve("got")));
    }

    @Test
    void givesTheEnvironmentAndNoMore() {
        String output = run(CommandLine.ofWords(List.of("env")), MESSAGE).text();
        assertEquals(
                List.of("MAIL_CONFIG=/etc/x", "PATH=/usr/bin:/bin", "SENDER=s@example.org"),
                Stream.of(output.split(" ")).sorted().toList());
    }

    @Test
    void passesNoDescriptorOfItsOwn() {
        assertEquals("0 1 2 3 ", shell("ls /proc/self/fd").text());
    }

    @Test
    void isASessionOfItsOwn() {
        assertEquals(
                delivered("leads "), shell("read -r p c s pp g id rest </proc/$$/stat; [ $id = $p ] && echo leads"));
    }

    @Test
    void meansByTheExitStatusWhatPostfixMeans() {
        assertEquals(failed(4, 3, 0, "temporary failure. Command output: later "), shell("echo later; exit 75"));
        assertEquals(failed(5, 1, 1, "user unknown"), shell("exit 67"));
        assertEquals(
                failed(5, 3, 0, "Command died with status 3: \"/bin/sh\". Command output: a b_c "),
                shell("printf 'a\\tb\\001c\\n'; exit 3"));
        assertEquals(failed(4, 3, 0, "Command died with signal 9: \"/bin/sh\""), shell("kill -9 $$"));
        assertEquals(failed(5, 7, 1, "go away "), shell("echo 5.7.1 go away >&2; exit 75"));
        assertEquals(failed(4, 2, 2, "full "), shell("echo 4.2.2 full; exit 1"));
        assertEquals(delivered("5.7.1 not looked at "), shell("echo 5.7.1 not looked at"));
    }

    @Test
    void defersWhatCannotBeRun() throws IOException {
        String start = "temporary failure. Command output: pipe: fatal: ";
        assertEquals(
                failed(4, 3, 0, start + "execvp /nowhere/x: No such file or directory "),
                run(CommandLine.ofWords(List.of("/nowhere/x")), MESSAGE));
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals(
                failed(4, 3, 0, start + "execvp " + file + ": Permission denied "),
                run(CommandLine.ofWords(List.of(file.toString())), MESSAGE));
        place = "/nowhere";
        assertEquals(
                failed(
                        4,
                        3,
                        0,
                        start + "cannot change directory to \"/nowhere\" for uid=" + self.uid()
                                + " gid=1: No such file or directory "),
                shell("true"));
    }

    @Test
    void runsWhatHasNoFirstLineByTheShell() throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "echo \"$1\"");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        assertEquals(delivered("a b "), run(CommandLine.ofWords(List.of(script.toString(), "a b")), MESSAGE));
    }

    @Test
    void findsWordsOfTheShell() {
        assertEquals(failed(4, 3, 0, "temporary failure"), run(CommandLine.ofText("exit 75", ""), MESSAGE));
    }

    @Test
    void refusesToActAsSomebodyElse() {
        self = new UserIds("other", self.uid() + 1, 1);
        CommandResult result = shell("true");
        assertEquals(Kind.DEFERRED, result.kind());
        assertTrue(result.text().startsWith("cannot act as user other (uid "), result.text());
    }

    @Test
    void killsWhatHangsWithAllThatItHasStarted() throws Exception {
        Path child = directory.resolve("child");
        limit = Duration.ofMillis(300);
        CommandResult killed = shell(HANG);
        // On a busy machine it may be killed before it has come so far.
        while (Files.notExists(child) && limit.toSeconds() < 60) {
            limit = limit.multipliedBy(4);
            killed = shell(HANG);
        }
        assertEquals(failed(5, 3, 0, "Command time limit exceeded: \"/bin/sh\". Command output: working "), killed);
        awaitEnd(Long.parseLong(Files.readString(child).strip()));
    }

    private static void awaitEnd(long pid) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (isAlive(pid) && System.nanoTime() - deadline < 0) {
            Thread.sleep(20);
        }
        assertFalse(isAlive(pid));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void doesNotWaitForInputToBeRead() {
        assertEquals(
                delivered("done "),
                run(
                        CommandLine.ofWords(List.of("echo", "done")),
                        "A: b\n\n" + "x".repeat(70).concat("\n").repeat(20_000)));
    }

    @Test
    void takesAFloodAndKeepsItsBeginning() {
        CommandResult result = shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; exit 1");
        assertEquals(5, result.status().statusClass());
        assertEquals(
                "Command died with status 1: \"/bin/sh\". Command output: ".length() + 4096,
                result.text().length());
    }

    @Test
    void letsThoseGoWhoAreLeftBehind() throws Exception {
        assertEquals(
                delivered("gone "),
                shell("yes & echo $! >child; sleep 300 & echo $! >sleeper; exec echo gone >&2"
                        .replace("yes &", "(while :; do :; done) &")));
        for (String name : List.of("child", "sleeper")) {
            long pid = Long.parseLong(Files.readString(directory.resolve(name)).strip());
            assertTrue(isAlive(pid));
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void endsThoseWhoFloodWithoutAReader() throws Exception {
        assertEquals(Kind.DELIVERED, shell("yes & echo $! >child; exit 0").kind());
        awaitEnd(Long.parseLong(Files.readString(directory.resolve("child")).strip()));
    }

    @Test
    void isKilledWhenTheMailSystemStops() throws Exception {
        Thread thread = new Thread(() -> assertEquals(
                failed(4, 3, 0, "Delivery failed: the mail system stops"), shell("echo $$ >pid; exec sleep 300")));
        thread.start();
        Path pid = directory.resolve("pid");
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            Thread.sleep(10);
        }
        thread.interrupt();
        thread.join();
        assertFalse(isAlive(Long.parseLong(Files.readString(pid).strip())));
    }
}
