// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the commands for the queue do with mail in {@code maildrop/}, which no pickup service takes here. */
@Timeout(300)
class MaildropIT {
    private Path parent;
    private RunningMta mta;

    @BeforeEach
    void start() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "maildrop");
        // Nobody listens on port 1.
        mta = new RunningMta(parent, "relayhost = [127.0.0.1]:1", "minimal_backoff_time = 1000s");
        mta.stop();
        Path masterCf = mta.directory().path().resolve("master.cf");
        Files.writeString(masterCf, Files.readString(masterCf).replace("pickup unix", "#pickup unix"));
        mta.start();
    }

    @AfterEach
    void stop() throws Exception {
        mta.close();
        MtaDirectory.delete(parent);
    }

    private Path maildrop() {
        return mta.directory().path().resolve("queue/maildrop");
    }

    /** Hands a message in; returns its id. */
    private String handIn(String content, String... words) throws IOException {
        List<String> before = ids();
        List<String> line = new ArrayList<>(List.of("sendmail", "-f", "me@a.test"));
        line.addAll(List.of(words));
        assertEquals(new Spoken(0, "", ""), mta.runWithInput(content, line.toArray(new String[0])));
        List<String> after = ids();
        after.removeAll(before);
        assertEquals(1, after.size());
        return after.get(0);
    }

    private List<String> ids() throws IOException {
        try (var files = Files.list(maildrop())) {
            return new ArrayList<>(
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private String sendDeferred(String recipient) throws Exception {
        String id = mta.send("me@a.test", "Subject: s\n\nbody", recipient);
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        return id;
    }

    @Test
    void listsWhatWaitsBeforeTheQueue() throws Exception {
        String deferred = sendDeferred("u1@far.test");
        String first = handIn("Subject: x\n\nhi\n", "one@b.test", "joe");
        String second = handIn("Subject: x\n\nhi\n", "two@b.test");
        Files.writeString(maildrop().resolve("unfinished"), "S");
        Files.setAttribute(Files.writeString(maildrop().resolve("torn"), "S"), "unix:mode", 0744);
        assertEquals(
                List.of(first, second, deferred),
                mta.queue().stream().map(message -> message.text("queue_id")).toList());
        JsonObject message = mta.queue().get(0);
        assertEquals("maildrop", message.text("queue_name"));
        assertEquals(Files.size(maildrop().resolve(first)), message.number("message_size"));
        String listing = mta.run("postqueue", "-p").out();
        assertTrue(
                listing.matches("(?s)----Queue ID[^\n]*\n" + first + " {" + (18 - first.length())
                        + "} +[0-9]+ [A-Z][a-z]{2} [^\n]* me@a.test\n {47}one@b.test\n {47}joe\n\n" + second + " .*"),
                listing);
        assertTrue(listing.endsWith(" in 3 Requests.\n"), listing);
        assertEquals(listing, mta.run("mailq").out());
        assertEquals(listing, mta.run("sendmail", "-bp").out());
    }

    @Test
    void countsWhatWaits() throws Exception {
        sendDeferred("u1@far.test");
        handIn("x\n", "u1@far.test", "u2@FAR.test", "joe");
        handIn("x\n", "-f", "", "u3@other.test");
        String table = mta.run("qshape", "maildrop").out();
        assertEquals(
                List.of("TOTAL 4 4", "far.test 2 2", "joe 1 1", "other.test 1 1"),
                table.lines().skip(1).map(MaildropIT::start).toList());
        assertEquals(
                List.of("TOTAL 2 2", "a.test 1 1", "MAILER-DAEMON 1 1"),
                mta.run("qshape", "-s", "maildrop")
                        .out()
                        .lines()
                        .skip(1)
                        .map(MaildropIT::start)
                        .toList());
        assertEquals(
                "far.test 3 3",
                start(mta.run("qshape", "maildrop", "deferred").out().split("\n")[2]));
        assertEquals("far.test 1 1", start(mta.run("qshape", "deferred").out().split("\n")[2]));
    }

    /** The name, the sum and the youngest. */
    private static String start(String row) {
        return String.join(" ", List.of(row.strip().split(" +")).subList(0, 3));
    }

    @Test
    void deletesByName() throws Exception {
        String queued = sendDeferred("u1@far.test");
        String one = handIn("x\n", "one@b.test");
        String two = handIn("x\n", "two@b.test");
        Files.writeString(maildrop().resolve("UNFINISHED"), "S");
        assertEquals(
                new Spoken(0, "", "postsuper: Deleted: 0 messages\n"),
                mta.run("postsuper", "-d", one, "hold", "deferred"));
        assertEquals(
                new Spoken(
                        0,
                        "",
                        "postsuper: " + queued + ": removed\npostsuper: " + one
                                + ": removed\npostsuper: Deleted: 2 messages\n"),
                mta.run("postsuper", "-d", one, "-d", queued, "-d", "UNFINISHED", "-d", one));
        mta.awaitLog("postsuper[");
        mta.awaitLog(one + ": removed");
        assertEquals(List.of(two, "UNFINISHED").stream().sorted().toList(), ids());
    }

    @Test
    void deletesAll() throws Exception {
        sendDeferred("u1@far.test");
        for (int i = 0; i < 120; i++) {
            Path file = maildrop().resolve("A" + i);
            Files.writeString(file, "S");
            Files.setAttribute(file, "unix:mode", 0744);
        }
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 0 messages\n"), mta.run("postsuper", "-d", "ALL", "hold"));
        assertEquals(
                new Spoken(0, "", "postsuper: Deleted: 120 messages\n"), mta.run("postsuper", "-d", "ALL", "maildrop"));
        assertEquals(List.of(), ids());
        handIn("x\n", "one@b.test");
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 2 messages\n"), mta.run("postsuper", "-d", "ALL"));
        assertEquals(List.of(), mta.queue());
    }

    /** It knows what it is taking in at this moment. Here it has not been told of the file yet. */
    @Test
    void deletesThroughThePickupService() throws Exception {
        mta.stop();
        Path masterCf = mta.directory().path().resolve("master.cf");
        Files.writeString(masterCf, Files.readString(masterCf).replace("#pickup unix n - n 60", "pickup unix n - n 0"));
        mta.start();
        // Its tasks are done in turn: this comes behind the look that it takes at the directory when it starts.
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 0 messages\n"), mta.run("postsuper", "-d", "NONE"));
        for (String id : List.of("ONE", "TWO", "THREE")) {
            Files.setAttribute(Files.writeString(maildrop().resolve(id), "S"), "unix:mode", 0744);
        }
        assertEquals(
                new Spoken(0, "", "postsuper: TWO: removed\npostsuper: Deleted: 1 message\n"),
                mta.run("postsuper", "-d", "TWO"));
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 2 messages\n"), mta.run("postsuper", "-d", "ALL"));
        assertEquals(List.of(), ids());
    }

    @Test
    void takesAFileOnceThatCannotBeDeleted() throws Exception {
        String id = handIn("Subject: x\n\nhi\n", "one@b.test");
        Path file = maildrop().resolve(id);
        mta.stop();
        Path masterCf = mta.directory().path().resolve("master.cf");
        Files.writeString(masterCf, Files.readString(masterCf).replace("#pickup unix n - n 60", "pickup unix n - n 1"));
        Programs.require("chattr");
        Assumptions.assumeTrue(
                new ProcessBuilder("chattr", "+i", file.toString()).start().waitFor() == 0,
                "skipped: needs root, and a file system with immutable files");
        try {
            mta.start();
            mta.await("three looks", () -> count("not deleted") >= 3);
            assertEquals(1, count(": uid="));
        } finally {
            new ProcessBuilder("chattr", "-i", file.toString()).start().waitFor();
        }
        mta.await("deleted", () -> !Files.exists(file));
        assertEquals(1, mta.queue().size());
    }

    /** Lines of the log with that text. */
    private long count(String text) {
        try {
            return mta.log().lines().filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** As in Postfix: there it is not in the queue yet. */
    @Test
    void changesNothingElse() throws Exception {
        String id = handIn("x\n", "one@b.test");
        for (String flag : List.of("-h", "-H", "-r", "-e", "-f")) {
            String said = mta.run("postsuper", flag, id).err();
            assertFalse(said.contains(id), said);
            assertTrue(said.contains(": 0 messages\n"), said);
            assertEquals(said, mta.run("postsuper", flag, "ALL", "maildrop").err());
        }
        assertEquals(List.of(id), ids());
    }

    @Test
    void showsItsRecordsAsPostfixDoes() throws Exception {
        Programs.require("postcat");
        Assumptions.assumeTrue(Installation.isRoot(), "only root may give Postfix a configuration");
        String id = handIn(
                "Subject: x\n\nhi\n.x\n" + "y".repeat(100_000) + "\n\n\u00e4nd\n",
                "-N",
                "never",
                "-R",
                "hdrs",
                "-V",
                "id1",
                "-F",
                "Full N",
                "u1@d.test",
                "joe");
        Path postfix = Files.createDirectories(parent.resolve("postfix"));
        Files.writeString(
                postfix.resolve("main.cf"),
                "compatibility_level = 3.6\nqueue_directory = " + maildrop().getParent() + "\n");
        PeerCommand.age(postfix.resolve("main.cf"));
        for (String flags : List.of("-q", "-qe", "-qh", "-qb", "-qbh", "-qd", "-qo", "-qdbo")) {
            PeerCommand theirs = PeerCommand.run("postcat", List.of("-c", postfix.toString(), flags, id));
            PeerCommand ours = PeerCommand.runOurs(
                    "postcat", List.of("-c", mta.directory().path().toString(), flags, id));
            assertEquals(theirs, ours, flags);
        }
        String named = mta.run("postcat", "-qvh", id).out();
        assertEquals("regular_text: Subject: x\n", named);
        assertTrue(mta.run("postcat", "-qvb", id).out().contains("\nunterminated_text: yyy"));
    }

    @Test
    void deletesNothingElseByName() throws Exception {
        Path other = Files.writeString(maildrop().resolveSibling("other"), "S");
        Files.setAttribute(other, "unix:mode", 0744);
        Path link = Files.createSymbolicLink(maildrop().resolve("LINK"), other);
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 0 messages\n"), mta.run("postsuper", "-d", "LINK"));
        assertEquals(new Spoken(0, "", "postsuper: Deleted: 0 messages\n"), mta.run("postsuper", "-d", "ALL"));
        assertTrue(Files.exists(other) && Files.isSymbolicLink(link));
        assertEquals(1, mta.run("postcat", "-q", "LINK").exitCode());
    }
}
