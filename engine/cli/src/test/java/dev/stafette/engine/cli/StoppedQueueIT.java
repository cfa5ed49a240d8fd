// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What root and the owner of the queue see of it while the mail system is down. */
@Timeout(300)
class StoppedQueueIT {
    private static final String DIRECTLY = "postqueue: warning: Mail system is down -- accessing queue directly (";

    private Path parent;
    private RunningMta mta;
    private boolean isDown;

    @BeforeEach
    void start() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "stopped");
        // Nobody listens on port 1.
        mta = new RunningMta(parent, "relayhost = [127.0.0.1]:1", "minimal_backoff_time = 1000s");
    }

    @AfterEach
    void stop() throws Exception {
        if (!isDown) {
            mta.close();
        }
        MtaDirectory.delete(parent);
    }

    private void stopMta() throws IOException {
        mta.stop();
        isDown = true;
    }

    private String sendDeferred(String content, String... recipients) throws Exception {
        String id = mta.send("me@a.test", content, recipients);
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        return id;
    }

    private Path queue() {
        return mta.directory().path().resolve("queue");
    }

    /** Every file of the queue, with what says that it was touched. */
    private Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (var files = Files.walk(queue())) {
            for (Path file : files.toList()) {
                state.put(
                        file.toString(),
                        Files.readAttributes(file, "unix:ino,mode,size,lastModifiedTime,ctime")
                                .toString());
            }
        }
        return state;
    }

    @Test
    void showsWhatTheProcessWould() throws Exception {
        String held = sendDeferred("Subject: s\n\nbody", "u1@far.test", "u2@other.test");
        String large = sendDeferred("Subject: s\n\n" + ("x".repeat(70) + "\n").repeat(20_000) + "end", "u3@far.test");
        String deleted = sendDeferred("Subject: s\n\nbody", "u4@far.test");
        mta.run("postsuper", "-h", held);
        mta.run("postsuper", "-e", held);
        mta.run("postsuper", "-d", deleted);
        String list = mta.run("postqueue", "-p").out();
        String json = mta.run("postqueue", "-j").out();
        String shape = mta.run("qshape", "deferred", "hold").out();
        String senders = mta.run("qshape", "-s", "deferred", "hold").out();
        String content = mta.run("postcat", "-q", large).out();
        assertTrue(list.contains(held + "!#") && list.contains("Connection refused"), list);
        stopMta();
        Map<String, String> before = state();
        Spoken shown = mta.run("postqueue", "-p");
        assertEquals(list, shown.out());
        assertEquals(0, shown.exitCode());
        assertTrue(shown.err().startsWith(DIRECTLY), shown.err());
        assertEquals(json, mta.run("postqueue", "-j").out());
        assertEquals(list, mta.run("mailq").out());
        assertEquals(list, mta.run("sendmail", "-bp").out());
        assertEquals(new Spoken(0, shape, ""), mta.run("qshape", "deferred", "hold"));
        assertEquals(new Spoken(0, senders, ""), mta.run("qshape", "-s", "deferred", "hold"));
        assertEquals(new Spoken(0, content, ""), mta.run("postcat", "-q", large));
        assertEquals(
                "postcat: fatal: open queue file " + deleted + ": No such file or directory\n",
                mta.run("postcat", "-q", deleted).err());
        assertEquals(before, state());
    }

    @Test
    void leavesDamageWhereItIs() throws Exception {
        String first = sendDeferred("Subject: s\n\nbody", "u1@far.test");
        // When that is done the journal is synced, and what comes next calls it so.
        mta.run("postsuper", "-h", first);
        String second = sendDeferred("Subject: s\n\nbody", "u2@far.test");
        stopMta();
        damage(".cq4", "u1");
        // Where the records of the journal are once more.
        damage(".seg", "u1");
        Map<String, String> before = state();
        Spoken shown = mta.run("postqueue", "-p");
        assertEquals(0, shown.exitCode());
        assertTrue(shown.out().contains(second) && !shown.out().contains(first), shown.out());
        assertTrue(shown.err().contains("is damaged, though it was durable"), shown.err());
        assertEquals(before, state());
    }

    /** Wherever it stands in the youngest such file. */
    private void damage(String suffix, String text) throws IOException {
        Path damaged;
        try (var files = Files.walk(queue())) {
            damaged = files.filter(file -> file.toString().endsWith(suffix))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(damaged);
        String whole = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
            bytes[at] ^= 1;
        }
        Files.write(damaged, bytes);
    }

    @Test
    void leavesTheRightToStartAlone() throws Exception {
        String id = sendDeferred("Subject: s\n\nbody", "u1@far.test");
        stopMta();
        var directory = ConfigDirectory.queueDirectory(mta.directory().path());
        var request = new dev.stafette.engine.admin.AdminRequest.ListMessages();
        try (var answer =
                dev.stafette.engine.admin.StoppedMta.ask(directory.path(), "Nobody", request, warning -> {})) {
            mta.start();
            isDown = false;
            String line = answer.readLine();
            assertTrue(line != null && line.contains(id), line);
        }
        assertEquals("deferred", mta.queueOf(id));
    }

    @Test
    void saysThatNothingIsThere() throws Exception {
        stopMta();
        assertEquals("Mail queue is empty\n", mta.run("postqueue", "-p").out());
        MtaDirectory.delete(queue());
        assertEquals("Mail queue is empty\n", mta.run("postqueue", "-p").out());
        assertTrue(Files.notExists(queue()));
    }

    @Test
    void deletesFromMaildropAlone() throws Exception {
        String queued = sendDeferred("Subject: s\n\nbody", "u1@far.test");
        stopMta();
        Path maildrop = queue().resolve("maildrop");
        for (String id : new String[] {"ONE", "TWO", "THREE", "FOUR"}) {
            Files.setAttribute(Files.writeString(maildrop.resolve(id), "S"), "unix:mode", 0744);
        }
        String down = "postsuper: fatal: Cannot change mail queue - mail system is down\n";
        assertEquals(
                new Spoken(0, "", "postsuper: ONE: removed\npostsuper: Deleted: 1 message\n"),
                mta.run("postsuper", "-d", "ONE"));
        assertEquals(
                new Spoken(69, "", "postsuper: TWO: removed\npostsuper: Deleted: 1 message\n" + down),
                mta.runWithInput("TWO\n" + queued + "\n", "postsuper", "-d", "-"));
        assertEquals(new Spoken(69, "", down), mta.run("postsuper", "-d", "THREE", "hold"));
        assertEquals(
                new Spoken(0, "", "postsuper: Placed on hold: 0 messages\n"),
                mta.run("postsuper", "-h", "ALL", "maildrop"));
        assertEquals(
                new Spoken(0, "", "postsuper: Deleted: 2 messages\n"), mta.run("postsuper", "-d", "ALL", "maildrop"));
        assertEquals(new Spoken(69, "", down), mta.run("postsuper", "-d", "ALL"));
        assertTrue(mta.run("postqueue", "-j").out().contains(queued));
    }
}
