// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens when root starts the mail system: it runs as somebody else, or not at all. */
@Timeout(600)
class RootIT {
    private static final String SCRIPT = "postfix/postfix-script: ";

    /** Of linux/capability.h: bit 10. */
    private static final String NET_BIND_SERVICE = "0000000000000400";

    @TempDir
    private Path directory;

    private Path spool;
    private Installation installation;

    @BeforeEach
    void configure() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "not root");
        Programs.require("setpriv");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        spool = directory.resolve("deep/spool");
        installation = new Installation(directory, mainCf("nobody"), List.of());
    }

    private String mainCf(String owner) {
        return "compatibility_level = 3.9\nbase = " + directory
                + "/deep\nqueue_directory = ${base}/spool\nmail_owner = " + owner + "\n";
    }

    @AfterEach
    void stop() throws Exception {
        installation.run("postfix", "abort");
    }

    private static String words(String command, Path scratch) throws Exception {
        return Installation.execute(List.of("sh", "-c", command), scratch).out().strip();
    }

    private static Map<String, String> statusOf(String pid) throws Exception {
        Map<String, String> status = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
            int colon = line.indexOf(':');
            status.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return status;
    }

    @Test
    void runsAsTheOwnerWithOneCapability() throws Exception {
        Outcome started = installation.run("postfix", "start");
        assertEquals(new Outcome(0, "", SCRIPT + "starting the Postfix mail system\n"), started);
        String uid = words("id -u nobody", directory);
        String gid = words("id -g nobody", directory);
        Map<String, String> status =
                statusOf(Files.readString(spool.resolve("pid/master.pid")).strip());
        assertEquals(String.join("\t", uid, uid, uid, uid), status.get("Uid"));
        assertEquals(String.join("\t", gid, gid, gid, gid), status.get("Gid"));
        assertEquals(gid, status.get("Groups"));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertEquals(NET_BIND_SERVICE, status.get(set), set);
        }
        assertEquals("1", status.get("NoNewPrivs"));
        assertEquals("", words("find " + spool + " ! -user nobody", directory));
        assertEquals("rwxr-x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(spool)));
        assertEquals("root", Files.getOwner(spool.getParent()).getName());
        assertEquals(0, installation.run("postfix", "stop").exitCode());
    }

    @Test
    void canWriteTheLogThatPostlogHasBegun() throws Exception {
        Path log = directory.resolve("mail.log");
        installation.writeMainCf(mainCf("nobody") + "maillog_file = " + log + "\n");
        assertEquals(0, installation.run("postlog", "hello").exitCode());
        assertEquals("nobody", Files.getOwner(log).getName());
        assertEquals(0, installation.run("postfix", "start").exitCode());
        assertEquals(0, installation.run("postfix", "stop").exitCode());
        assertTrue(Files.readString(log).contains("queue has 0 messages"));
    }

    @Test
    void opensAPortThatOnlyRootMayAndLetsGoOfWhoReadsWhatItSays() throws Exception {
        installation.writeMasterCf("127.0.0.1:615 inet n - n - - smtpd\nsmtp unix - - n - - smtp\n");
        String start = Installation.script().resolveSibling("postfix") + " -c " + directory + " start 2>&1";
        // Whoever waits for the end of its output, as ssh and cron do, does not wait for the mail system's.
        Outcome outcome = Installation.execute(List.of("sh", "-c", start + " | timeout 100 cat"), directory);
        assertEquals(new Outcome(0, SCRIPT + "starting the Postfix mail system\n", ""), outcome);
        assertEquals(0, installation.run("postfix", "status").exitCode());
    }

    @Test
    void refusesWithoutTheAccountAndSaysHowToMakeIt() throws Exception {
        installation.writeMainCf(mainCf("no-such-user"));
        Outcome outcome = installation.run("postfix", "start");
        assertEquals(1, outcome.exitCode());
        assertEquals(
                SCRIPT + "fatal: there is no account 'no-such-user' (mail_owner in " + directory
                        + "/main.cf), and the mail system does not run as root:\n"
                        + "    useradd --system --user-group --no-create-home --home-dir " + spool
                        + " --shell /usr/sbin/nologin no-such-user\n",
                outcome.err());
        assertFalse(Files.exists(spool));
    }

    @Test
    void refusesWithoutSetpriv() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String program : List.of("sh", "id", "awk", "readlink", "find", "install", "ls", "java")) {
            Files.createSymbolicLink(bin.resolve(program), Path.of(words("command -v " + program, directory)));
        }
        String start = "PATH=" + bin + "; export PATH; unset JAVA_HOME; exec "
                + Installation.script().resolveSibling("postfix") + " -c " + directory + " start";
        Outcome outcome = Installation.execute(List.of("sh", "-c", start), directory);
        words("rm -r " + bin, directory);
        assertEquals(1, outcome.exitCode());
        assertEquals(
                SCRIPT + "fatal: setpriv, which gives up root, is not there; it is part of util-linux:\n"
                        + "    apt-get install util-linux (or: dnf install util-linux)\n",
                outcome.err());
    }

    @Test
    void refusesToBeRoot() throws Exception {
        installation.writeMainCf(mainCf("root"));
        Outcome outcome = installation.run("postfix", "start-fg");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().startsWith(SCRIPT + "fatal: mail_owner is root"), outcome.err());
    }

    @Test
    void doesNotTakeOverWhatIsSomebodyElses() throws Exception {
        Files.createDirectories(spool.resolve("mine"));
        Outcome outcome = installation.run("postfix", "start");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().contains("    chown -R nobody:"), outcome.err());
        Files.delete(spool.resolve("mine"));
        Files.createDirectory(spool.resolve("active"));
        Files.createDirectory(spool.resolve("deferred"));
        outcome = installation.run("postfix", "start");
        assertEquals(
                SCRIPT + "fatal: " + spool + " is the queue of a Postfix, which is left alone: name another"
                        + " queue_directory in " + directory + "/main.cf\n",
                outcome.err());
        Files.delete(spool.resolve("active"));
        Files.delete(spool.resolve("deferred"));
        // An empty one was made for this.
        assertEquals(0, installation.run("postfix", "start").exitCode());
        assertEquals("nobody", Files.getOwner(spool).getName());
    }

    @Test
    void makesTheLogAndWhatElseIsKeptForTheirOwner() throws Exception {
        Path log = directory.resolve("log/mail.log");
        installation.writeMainCf(
                mainCf("nobody") + "maillog_file = " + log + "\ndata_directory = ${base}/../kept/data\n");
        assertEquals(0, installation.run("postfix", "start").exitCode());
        assertEquals("nobody", Files.getOwner(log.getParent()).getName());
        Path data = directory.resolve("kept/data");
        assertEquals("nobody", Files.getOwner(data).getName());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
        assertEquals("root", Files.getOwner(data.getParent()).getName());
        // Dovecot, which is started beside it, makes its socket there.
        Path sockets = spool.resolve("private");
        assertEquals("nobody", Files.getOwner(sockets).getName());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets)));
    }

    @Test
    void refusesWhatOnlyTheJvmCouldRead() throws Exception {
        installation.writeMainCf(mainCf("${x?{a}:{nobody}}"));
        Outcome outcome = installation.run("postfix", "start");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().contains("takes more than $name"), outcome.err());
    }

    @Test
    void refusesAJvmOfRoot() throws Exception {
        String jar = Installation.script()
                .resolve("../../lib/stafette.jar")
                .normalize()
                .toString();
        Outcome outcome = Installation.execute(
                List.of("java", "-jar", jar, "postfix", "-c", directory.toString(), "start-fg"), directory);
        assertEquals(1, outcome.exitCode());
        assertEquals(
                SCRIPT + "fatal: the mail system must not run as root; bin/postfix becomes mail_owner first\n",
                outcome.err());
    }
}
