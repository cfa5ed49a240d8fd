// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation.Outcome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What root's commands do in places of others, while one of those puts links in the place of his files. */
@Timeout(600)
class RootAmongOthersIT {
    /** Of each command beside the neighbour; more of them find rarer gaps. */
    private static final int RUNS = Integer.getInteger("stafette.neighbour.runs", 2);

    @TempDir
    private Path directory;

    /** Of the neighbour, who is the owner of the mail, too. */
    private Path his;

    /** Of root: what is to stay as it is. */
    private Path elsewhere;

    private Path spool;
    private Installation installation;
    private Map<String, String> before;

    @BeforeEach
    void configure() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "not root");
        Programs.require("setpriv");
        Programs.require("setsid");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        his = directory.resolve("his");
        spool = his.resolve("spool");
        elsewhere = directory.resolve("elsewhere");
        sh("mkdir -p " + spool + " && chown nobody:nogroup " + his + " " + spool + " && chmod 755 " + his + " " + spool
                + " && mkdir -m 755 " + elsewhere + " && echo secret >" + elsewhere + "/target && chmod 600 "
                + elsewhere
                + "/target && echo tool >" + elsewhere + "/TOOL && chmod 755 " + elsewhere + "/TOOL && mkdir -m 755 "
                + elsewhere + "/sub");
        before = tree(elsewhere);
        installation = new Installation(directory, mainCf(), List.of());
    }

    private String mainCf() {
        return "compatibility_level = 3.9\nqueue_directory = " + spool
                + "\nmail_owner = nobody\ndeliver_lock_attempts = 1\n";
    }

    @AfterEach
    void leavesTheRestAlone() throws Exception {
        if (before != null) {
            assertEquals(before, tree(elsewhere));
        }
    }

    private String sh(String command) throws Exception {
        Outcome outcome = Installation.execute(List.of("sh", "-c", command), directory);
        assertEquals(0, outcome.exitCode(), outcome.toString());
        return outcome.out();
    }

    private Path asHim(String name, String text) throws Exception {
        Path file = Files.writeString(his.resolve(name), text);
        sh("chown nobody:nogroup " + file);
        return file;
    }

    /** Owner, group, mode and content of all. */
    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.toList()) {
                String what = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS)
                        + (Files.isRegularFile(file) ? Files.readString(file) : "");
                all.put(file.toString(), what);
            }
        }
        return all;
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Does it some times while the neighbour is at work. */
    private void besides(List<String> neighbour, Step step) throws Exception {
        List<String> line = new ArrayList<>(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        line.addAll(List.of("java", "-XX:+UseSerialGC", "-cp", "target/test-classes", Neighbour.class.getName()));
        line.addAll(neighbour);
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals("ready", process.inputReader().readLine());
            for (int i = 0; i < RUNS; i++) {
                step.run();
            }
            assertTrue(process.isAlive());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertEquals(before, tree(elsewhere));
    }

    private List<String> watches(Path where, Path target) {
        return List.of("watch", where.toString(), target.toString());
    }

    private List<String> swaps(Path what, Path target) {
        return List.of("swap", what.toString(), target.toString());
    }

    @Test
    void buildsTablesAsTheirOwner() throws Exception {
        Path map = asHim("map", "a 1\n");
        assertEquals(new Outcome(0, "", ""), installation.run("postmap", map.toString()));
        assertEquals("nobody", Files.getOwner(his.resolve("map.db")).getName());
        besides(watches(his, elsewhere.resolve("target")), () -> {
            installation.run("postmap", map.toString());
            sh("rm -f " + his + "/map.db " + his + "/map.db.tmp");
        });
        besides(swaps(map, elsewhere.resolve("target")), () -> installation.run("postmap", map.toString()));
    }

    @Test
    void followsNoDirectoryThatIsSwapped() throws Exception {
        Path maps = Files.createDirectory(his.resolve("maps"));
        Files.writeString(maps.resolve("target"), "a: 1\n");
        sh("chown -R nobody:nogroup " + maps);
        besides(swaps(maps, elsewhere), () -> installation.run("postalias", maps + "/target"));
        sh("rm -rf " + maps + "* && ln -s " + elsewhere + " " + maps);
        assertEquals(1, installation.run("postalias", maps + "/target").exitCode());
    }

    @Test
    void handsInMailWhereverTheMaildropLeads() throws Exception {
        assertEquals(new Outcome(0, "", ""), handIn());
        Path maildrop = spool.resolve("maildrop");
        assertEquals("nobody", Files.getOwner(maildrop).getName());
        assertEquals("root 744\n", sh("stat -c '%U %a' " + maildrop + "/*").replace("740", "744"));
        besides(watches(maildrop, elsewhere.resolve("target")), () -> handIn());
        besides(swaps(maildrop, elsewhere), () -> handIn());
    }

    @Test
    void makesTheMaildropForItsOwner() throws Exception {
        besides(watches(spool, elsewhere), () -> handIn());
    }

    @Test
    void makesTheLogAsItsOwner() throws Exception {
        installation.writeMainCf(mainCf() + "maillog_file = " + his + "/log/mail.log\nsmtpd_timeout = never\n");
        besides(watches(his, elsewhere), () -> {
            assertEquals(1, installation.run("postfix", "start").exitCode());
            sh("rm -rf " + his + "/log");
        });
        Path log = Files.createDirectories(his.resolve("here/sub"));
        sh("chown -R nobody:nogroup " + his + "/here");
        installation.writeMainCf(mainCf() + "maillog_file = " + log + "/mail.log\nsmtpd_timeout = never\n");
        besides(swaps(his.resolve("here"), elsewhere), () -> installation.run("postfix", "start"));
        sh("rm -rf " + his + "/here* && ln -s " + elsewhere + " " + his + "/here");
        assertEquals(1, installation.run("postfix", "start").exitCode());
    }

    @Test
    void logsAsTheOwnerOfTheLog() throws Exception {
        Path log = asHim("mail.log", "");
        installation.writeMainCf(mainCf() + "maillog_file = " + log + "\nmaillog_file_rotate_suffix = %%N\n");
        assertEquals(new Outcome(0, "", ""), installation.run("postlog", "hello"));
        assertTrue(Files.readString(log).endsWith(": hello\n"));
        Outcome rotated = installation.run("postfix", "logrotate");
        assertEquals(0, rotated.exitCode(), rotated.toString());
        assertEquals("nobody", Files.getOwner(log).getName());
        besides(swaps(log, elsewhere.resolve("target")), () -> installation.run("postlog", "hello"));
        sh("rm -f " + log + "* && ln -s " + elsewhere + "/target " + log);
        assertEquals(1, installation.run("postlog", "hello").exitCode());
        sh("rm " + log);
        asHim("mail.log", "");
        besides(watches(his, elsewhere.resolve("target")), () -> installation.run("postfix", "logrotate"));
    }

    @Test
    void editsAsTheOwnerOfTheConfiguration() throws Exception {
        Path conf = Files.createDirectory(his.resolve("conf"));
        sh("cp " + directory + "/main.cf " + directory + "/master.cf " + conf + " && chown -R nobody:nogroup " + conf);
        assertEquals(new Outcome(0, "", ""), edit(conf));
        assertTrue(Files.readString(conf.resolve("main.cf")).contains("mynetworks = 127.0.0.1\n"));
        assertEquals("nobody", Files.getOwner(conf.resolve("main.cf")).getName());
        besides(watches(conf, elsewhere.resolve("target")), () -> edit(conf));
        besides(swaps(conf.resolve("main.cf"), elsewhere.resolve("target")), () -> edit(conf));
    }

    private Outcome handIn() throws Exception {
        Path command = Installation.script().resolveSibling("sendmail");
        return Installation.execute(List.of(command.toString(), "-C", directory.toString(), "joe@a.test"), directory);
    }

    private Outcome edit(Path conf) throws Exception {
        Path command = Installation.script().resolveSibling("postconf");
        return Installation.execute(
                List.of(command.toString(), "-c", conf.toString(), "-e", "mynetworks=127.0.0.1"), directory);
    }

    @Test
    void deletesFromTheMaildropOnly() throws Exception {
        assertEquals(0, handIn().exitCode());
        assertEquals(
                new Outcome(0, "", "postsuper: Deleted: 1 message\n"),
                installation.run("postsuper", "-d", "ALL", "maildrop"));
        besides(
                swaps(spool.resolve("maildrop"), elsewhere),
                () -> installation.run("postsuper", "-d", "ALL", "-d", "TOOL", "maildrop"));
        sh("rm -rf " + spool + "/maildrop* && ln -s " + elsewhere + " " + spool + "/maildrop");
        installation.run("postsuper", "-d", "ALL", "maildrop");
    }

    @Test
    void killsNobodyElsesProcess() throws Exception {
        Files.createDirectories(spool.resolve("public"));
        Files.createDirectories(spool.resolve("pid"));
        Process victim = new ProcessBuilder("sleep", "600").start();
        Path pid = Files.writeString(directory.resolve("victim.pid"), victim.pid() + "\n");
        Files.createSymbolicLink(spool.resolve("pid/master.pid"), pid);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(spool.resolve("public/admin")));
            Thread answers = new Thread(() -> {
                // It says nothing, and the client waits for the end of the process instead.
                try (SocketChannel client = server.accept()) {
                    client.read(ByteBuffer.allocate(100));
                } catch (IOException e) {
                    // The end of the test.
                    return;
                }
            });
            answers.start();
            installation.run("postfix", "stop");
            assertTrue(victim.isAlive());
        } finally {
            victim.destroyForcibly();
        }
    }

    @Test
    void refusesWhereMoreThanOneMayWrite() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Path map = Files.writeString(shared.resolve("map"), "a 1\n");
        for (String mode : List.of("777", "1777", "2775")) {
            sh("chgrp nogroup " + shared + " && chmod " + mode + " " + shared);
            Outcome outcome = installation.run("postmap", map.toString());
            assertEquals(1, outcome.exitCode());
            assertEquals(
                    "postmap: fatal: " + shared + " may be changed by "
                            + (mode.equals("2775") ? "group nogroup" : "all")
                            + ": root writes only where nobody else can put a link in the place of a file\n",
                    outcome.err());
            assertEquals(List.of(map), files(shared));
        }
        // His source in a directory of many is built as he would.
        sh("chmod 1777 " + shared + " && chown nobody:nogroup " + map);
        assertEquals(0, installation.run("postmap", map.toString()).exitCode());
        assertEquals("nobody", Files.getOwner(shared.resolve("map.db")).getName());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void refusesWhatIsNeitherRootsNorTheMailOwners() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        sh("chmod 777 " + shared);
        installation.writeMainCf(mainCf() + "maillog_file = " + shared + "/mail.log\n");
        String err = installation.run("postfix", "start").err();
        assertTrue(err.contains("cannot create " + shared + "/mail.log: others than root and nobody may "), err);
        assertTrue(
                installation.run("postlog", "x").err().contains(shared + " may be changed by all: root writes only"));
        installation.writeMainCf(mainCf().replace(spool.toString(), shared + "/spool"));
        err = installation.run("postfix", "start").err();
        assertTrue(
                err.contains("cannot create " + shared + "/spool as root: others than root may change " + shared), err);
        err = handIn().err();
        assertTrue(err.contains(shared + " may be changed by all"), err);
        sh("mkdir -m 777 " + his + "/open && chown nobody:nogroup " + his + "/open");
        installation.writeMainCf(mainCf().replace(spool.toString(), his + "/open"));
        err = installation.run("postfix", "start").err();
        assertTrue(err.contains("others than root and nobody may write to " + his + "/open:\n"), err);
        assertEquals(List.of(), files(shared));
    }

    @Test
    void readsNoFilesThatSomebodyElseNames() throws Exception {
        Path map = Files.writeString(directory.resolve("map"), "a " + elsewhere + "/target\n");
        sh("chown nobody:nogroup " + map);
        String err = installation.run("postmap", "-F", map.toString()).err();
        assertTrue(err.contains("map belongs to user "), err);
        assertFalse(Files.exists(directory.resolve("map.db")));
        assertEquals(0, installation.run("postmap", map.toString()).exitCode());
        assertEquals("nobody", Files.getOwner(directory.resolve("map.db")).getName());
        // With a link of root's to a source of his, his it is; and with -o, whose the source is does not matter.
        asHim("source", "a 1\n");
        Files.createSymbolicLink(directory.resolve("linked"), his.resolve("source"));
        Outcome outcome = installation.run("postmap", directory + "/linked");
        assertTrue(outcome.err().contains("Permission denied"), outcome.err());
        assertTrue(
                outcome.err().contains("this was done as user nobody: " + his + " belongs to nobody"), outcome.err());
        assertEquals(0, installation.run("postmap", "-o", directory + "/linked").exitCode());
        assertEquals("nobody", Files.getOwner(directory.resolve("linked.db")).getName());
    }

    @Test
    void locksNoMailboxBehindADirectoryOfSomebodyElse() throws Exception {
        Path mail = Files.createDirectory(his.resolve("mail"));
        Outcome outcome = lock(mail.resolve("box"), "dotlock");
        assertEquals(75, outcome.exitCode());
        assertTrue(outcome.err().contains(his + " belongs to nobody: "), outcome.err());
        for (String style : List.of("fcntl", "flock")) {
            Files.createSymbolicLink(his.resolve(style), elsewhere.resolve("new"));
            assertEquals(75, lock(his.resolve(style), style).exitCode());
        }
        assertEquals(0, lock(his.resolve("box"), "fcntl,flock,dotlock").exitCode());
    }

    private Outcome lock(Path box, String style) throws Exception {
        return installation.run("postlock", "-l", style, box.toString(), "true");
    }

    @Test
    void makesNoConfigurationInADirectoryOfSomebodyElse() throws Exception {
        Files.createDirectory(directory.resolve("primary"));
        sh("cp " + directory + "/m*.cf " + directory + "/primary");
        String create = "MAIL_CONFIG=" + directory + "/primary; export MAIL_CONFIG; "
                + Installation.script().resolveSibling("postmulti");
        sh(create + " -e init");
        Outcome outcome = Installation.execute(
                List.of(
                        "sh",
                        "-c",
                        create + " -e create -I postfix-b config_directory=" + his + "/b queue_directory=" + his
                                + "/q data_directory=" + his + "/d"),
                directory);
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().contains(his + " belongs to nobody: "), outcome.err());
        assertFalse(Files.exists(his.resolve("b")));
    }
}
