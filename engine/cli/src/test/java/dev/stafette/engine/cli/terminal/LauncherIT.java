// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation;
import dev.stafette.engine.cli.Installation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the built installation, run by an ordinary user: the test's own, or nobody when that is root. */
@Timeout(900)
class LauncherIT {
    private static final String SCRIPT = "postfix/postfix-script: ";

    @TempDir
    private Path directory;

    private Installation installation;

    @BeforeEach
    void configure() throws Exception {
        List<String> before = List.of();
        if (Installation.isRoot()) {
            Programs.require("setpriv");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            before = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");
        }
        installation = new Installation(directory, "", before);
        installation.writeMainCf("queue_directory = " + directory.resolve("spool") + "\ncompatibility_level = 3.9\n");
    }

    @AfterEach
    void stop() throws Exception {
        installation.run("postfix", "abort");
    }

    private void says(int exitCode, String err, Outcome outcome) {
        assertEquals(err, outcome.err());
        assertEquals(exitCode, outcome.exitCode(), outcome.toString());
    }

    @Test
    void startsAnswersAndStops() throws Exception {
        says(0, SCRIPT + "starting the Postfix mail system\n", installation.run("postfix", "start"));
        String pid = Files.readString(directory.resolve("spool/pid/master.pid")).strip();
        says(
                0,
                SCRIPT + "the Postfix mail system is running: PID: " + pid + "\n",
                installation.run("postfix", "status"));
        says(1, SCRIPT + "fatal: the Postfix mail system is already running\n", installation.run("postfix", "start"));
        assertEquals(new Outcome(0, "Mail queue is empty\n", ""), installation.run("postqueue", "-p"));
        assertEquals(new Outcome(0, "", ""), installation.run("postqueue", "-j"));
        assertEquals(new Outcome(0, "", ""), installation.run("postqueue", "-f"));
        assertEquals(new Outcome(0, "", ""), installation.run("postfix", "flush"));
        says(0, SCRIPT + "refreshing the Postfix mail system\n", installation.run("postfix", "reload"));
        Outcome stopped = installation.run("postfix", "stop");
        assertEquals(0, stopped.exitCode());
        assertTrue(stopped.err().startsWith(SCRIPT + "stopping the Postfix mail system\n"), stopped.err());
        says(1, SCRIPT + "the Postfix mail system is not running\n", installation.run("postfix", "status"));
    }

    @Test
    void reloadsOnHangUpAndLogsWhatBecomesOfTheProcess() throws Exception {
        String mainCf = "queue_directory = " + directory.resolve("spool")
                + "\ncompatibility_level = 3.9\nmaillog_file = " + directory.resolve("mail.log") + "\n";
        installation.writeMainCf(mainCf);
        assertEquals(0, installation.run("postfix", "start").exitCode());
        String pid = Files.readString(directory.resolve("spool/pid/master.pid")).strip();
        installation.writeMainCf(mainCf + "smtpd_baner = hello\n");
        assertEquals(0, installation.execute(List.of("kill", "-HUP", pid)).exitCode());
        awaitLog("postfix-script", "refreshing the Postfix mail system");
        String identity = ", configuration " + directory;
        awaitLog("postfix/postfix-script[" + pid + "]: starting the Postfix mail system");
        awaitLog("postfix/master[" + pid + "]: daemon started -- version ", identity);
        awaitLog("postfix/master[" + pid + "]: reload -- version ", identity);
        awaitLog("warning: ", "smtpd_baner");
        installation.writeMainCf(mainCf + "smtpd_timeout = never\n");
        assertEquals(0, installation.execute(List.of("kill", "-HUP", pid)).exitCode());
        awaitLog("warning: reload: ", "smtpd_timeout");
        assertEquals(0, installation.run("postfix", "status").exitCode());
        assertEquals(0, installation.run("postfix", "stop").exitCode());
        awaitLog("postfix/postfix-script[" + pid + "]: stopping the Postfix mail system");
        awaitLog("postfix/master[" + pid + "]: terminating on signal 15");
    }

    private void awaitLog(String... parts) throws Exception {
        Path log = directory.resolve("mail.log");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            if (Files.readAllLines(log).stream()
                    .anyMatch(line -> List.of(parts).stream().allMatch(line::contains))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
        fail("no line with " + List.of(parts) + " in\n" + Files.readString(log));
    }

    @Test
    void saysThatItIsDown() throws Exception {
        says(1, SCRIPT + "the Postfix mail system is not running\n", installation.run("postfix", "status"));
        String notRunning = SCRIPT + "fatal: the Postfix mail system is not running\n";
        says(1, notRunning, installation.run("postfix", "stop"));
        says(1, notRunning, installation.run("postfix", "abort"));
        says(1, notRunning, installation.run("postfix", "reload"));
        says(
                69,
                "postqueue: fatal: Cannot flush mail queue - mail system is down\n",
                installation.run("postqueue", "-f"));
        says(
                69,
                "postqueue: fatal: Cannot flush mail queue - mail system is down\n",
                installation.run("postfix", "flush"));
    }

    @Test
    void runsInTheForegroundUntilTheEnd() throws Exception {
        Thread stopper = new Thread(() -> {
            try {
                while (installation.run("postfix", "status").exitCode() != 0) {
                    Thread.onSpinWait();
                }
                installation.run("postfix", "stop");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        stopper.start();
        Outcome outcome = installation.run("postfix", "start-fg");
        stopper.join();
        assertEquals(0, outcome.exitCode(), outcome.toString());
        assertEquals(SCRIPT + "starting the Postfix mail system\n", firstLine(outcome.err()));
    }

    private static String firstLine(String text) {
        return text.substring(0, text.indexOf('\n') + 1);
    }

    @Test
    void refusesABadConfigurationWithTheReason() throws Exception {
        installation.writeMainCf("queue_directory = " + directory.resolve("spool") + "\nhopcount_limit = none\n");
        String reason = directory + "/main.cf:2: parameter 'hopcount_limit': none (expected: 1 or more)\n";
        says(1, SCRIPT + "fatal: " + reason, installation.run("postfix", "start"));
        says(1, SCRIPT + "fatal: " + reason, installation.run("postfix", "start-fg"));
        says(1, "postfix: fatal: " + reason, installation.run("postfix", "check"));
        assertFalse(Files.exists(directory.resolve("spool/public/admin")));
    }

    @Test
    void warnsOfWhatItDoesNotKnow() throws Exception {
        installation.writeMainCf(
                "compatibility_level = 3.6\nqueue_directory = " + directory.resolve("spool") + "\nrelay_host = x\n");
        String warning = SCRIPT + "warning: " + directory
                + "/main.cf:3: unused parameter: relay_host=x (did you mean 'relayhost'?)\n";
        says(0, warning, installation.run("postfix", "check"));
        says(0, warning + SCRIPT + "starting the Postfix mail system\n", installation.run("postfix", "start"));
    }

    @Test
    void passesOnWhyTheJvmDied() throws Exception {
        Files.writeString(directory.resolve("jvm.options"), "-Xmx16g -XX:NoSuchOption=1\n");
        Outcome outcome = installation.run("postfix", "start");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().contains("NoSuchOption"), outcome.err());
        assertTrue(outcome.err().endsWith(SCRIPT + "fatal: mail system startup failed\n"), outcome.err());
    }

    @Test
    void takesARelativeDirectoryAndFlagsInOneWord() throws Exception {
        String name = directory.getFileName().toString();
        String start = "cd " + directory.getParent() + " && exec "
                + Installation.script().resolveSibling("postfix") + " -vc" + name + " start";
        says(0, SCRIPT + "starting the Postfix mail system\n", installation.execute(List.of("sh", "-c", start)));
        assertEquals(0, installation.run("postfix", "status").exitCode());
    }

    @Test
    void findsItsPlaceThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("postqueue"), Installation.script().resolveSibling("postqueue"));
        Outcome outcome = Installation.execute(List.of(link.toString(), "-c", directory.toString(), "-f"), directory);
        says(69, "postqueue: fatal: Cannot flush mail queue - mail system is down\n", outcome);
        // JUnit warns of links that lead out of the directory it deletes.
        Files.delete(link);
    }

    /** Each writes the whole table, and one has been killed while it did. */
    @Test
    void losesNoRowOfSeveralThatAddAtOnce() throws Exception {
        Path map = directory.resolve("map");
        Files.writeString(map, "a 0\n");
        assertEquals(0, installation.run("postmap", map.toString()).exitCode());
        installation.execute(List.of("sh", "-c", "echo half >" + map + ".db.tmp"));
        String add = "for i in 1 2 3 4; do echo k$i v | "
                + Installation.script().resolveSibling("postmap") + " -c " + directory + " -i " + map + " & done; wait";
        assertEquals(new Outcome(0, "", ""), installation.execute(List.of("sh", "-c", add)));
        List<String> rows = installation
                .run("postmap", "-s", map.toString())
                .out()
                .lines()
                .sorted()
                .toList();
        assertEquals(List.of("a\t0", "k1\tv", "k2\tv", "k3\tv", "k4\tv"), rows);
        assertFalse(Files.exists(directory.resolve("map.db.tmp")));
    }
}
