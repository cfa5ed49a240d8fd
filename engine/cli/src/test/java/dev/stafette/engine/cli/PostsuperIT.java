// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.demo.MtaDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code postsuper} on a queue that cannot be delivered. */
@Timeout(300)
class PostsuperIT {
    private static final String CONTENT = "Subject: s\n\nbody";

    private Path parent;
    private RunningMta mta;

    @BeforeEach
    void start() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "postsuper");
        // Nobody listens on port 1.
        mta = new RunningMta(parent, "relayhost = [127.0.0.1]:1", "minimal_backoff_time = 1000s");
    }

    @AfterEach
    void stop() throws Exception {
        mta.close();
        MtaDirectory.delete(parent);
    }

    private String sendDeferred(String recipient) throws Exception {
        String id = mta.send("me@a.test", CONTENT, recipient);
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        return id;
    }

    private void assertSays(String expected, String... words) {
        assertEquals(new Spoken(0, "", expected), mta.run(words));
    }

    @Test
    void deletesNamedMessages() throws Exception {
        String one = sendDeferred("u1@far.test");
        String two = sendDeferred("u2@far.test");
        assertSays(
                "postsuper: " + one + ": removed\npostsuper: Deleted: 1 message\n", "postsuper", "-d", one, "-d", one);
        assertEquals("", mta.queueOf(one));
        assertEquals("deferred", mta.queueOf(two));
        mta.awaitLog("postsuper[");
        mta.awaitLog(one + ": removed");
        mta.awaitLog("Deleted: 1 message");
        assertSays("postsuper: Deleted: 0 messages\n", "postsuper", "-d", one);
    }

    @Test
    void saysNothingOfIdsThatDoNotExist() {
        assertSays("postsuper: Deleted: 0 messages\n", "postsuper", "-d", "ABC");
        assertSays("postsuper: Placed on hold: 0 messages\n", "postsuper", "-h", "4jYmrm5QNYz1SRvk");
        assertSays(
                "postsuper: warning: invalid mail queue id: a/b\npostsuper: Deleted: 0 messages\n",
                "postsuper",
                "-d",
                "a/b");
    }

    @Test
    void readsIdsFromStandardInput() throws Exception {
        String one = sendDeferred("u1@far.test");
        String two = sendDeferred("u2@far.test");
        Spoken outcome = mta.runWithInput(one + "\n!!\n" + two + "\n", "postsuper", "-h", "-", "hold", "deferred");
        assertEquals(
                "postsuper: warning: invalid mail queue id: !!\npostsuper: " + one + ": placed on hold\npostsuper: "
                        + two + ": placed on hold\npostsuper: Placed on hold: 2 messages\n",
                outcome.err());
        assertEquals(List.of("hold", "hold"), List.of(mta.queueOf(one), mta.queueOf(two)));
    }

    @Test
    void holdsOverARestartAndReleases() throws Exception {
        String id = sendDeferred("u1@far.test");
        assertSays(
                "postsuper: " + id + ": placed on hold\npostsuper: Placed on hold: 1 message\n", "postsuper", "-h", id);
        assertSays("postsuper: Placed on hold: 0 messages\n", "postsuper", "-h", id);
        assertTrue(mta.run("postqueue", "-p").out().contains(id + "!"));
        mta.stop();
        mta.start();
        assertEquals("hold", mta.queueOf(id));
        assertSays(
                "postsuper: " + id + ": released from hold\npostsuper: Released from hold: 1 message\n",
                "postsuper",
                "-H",
                id);
        assertEquals("deferred", mta.queueOf(id));
    }

    @Test
    void changesAllOfTheNamedQueues() throws Exception {
        String held = sendDeferred("u1@far.test");
        sendDeferred("u2@far.test");
        sendDeferred("u3@far.test");
        mta.run("postsuper", "-h", held);
        assertSays("postsuper: Deleted: 0 messages\n", "postsuper", "-d", "ALL", "active", "incoming");
        assertSays("postsuper: Deleted: 2 messages\n", "postsuper", "-d", "ALL", "deferred");
        assertEquals("hold", mta.queueOf(held));
        assertSays("postsuper: Deleted: 1 message\n", "postsuper", "-d", "ALL");
        assertEquals(List.of(), mta.queue());
        assertEquals(1, mta.run("postsuper", "-d", "ALL", "corrupt").exitCode());
    }

    @Test
    void returnsExpiredMailToItsSender() throws Exception {
        String id = sendDeferred("u1@far.test");
        assertSays("postsuper: " + id + ": expired\npostsuper: Force-expired: 1 message\n", "postsuper", "-e", id);
        mta.awaitLog(id + ": from=<me@a.test>, status=force-expired, returned to sender");
        mta.awaitLog(id + ": sender non-delivery notification: ");
        mta.await("removed", () -> mta.queueOf(id).isEmpty());
    }

    @Test
    void expiresHeldMailWhenItIsReleased() throws Exception {
        String id = sendDeferred("u1@far.test");
        mta.run("postsuper", "-h", id);
        assertSays("postsuper: " + id + ": expired\npostsuper: Force-expired: 1 message\n", "postsuper", "-e", id);
        assertTrue(mta.run("postqueue", "-p").out().contains(id + "!#"));
        assertTrue(mta.run("postqueue", "-j").out().contains("\"forced_expire\": true"));
        mta.stop();
        mta.start();
        assertTrue(mta.run("postqueue", "-p").out().contains(id + "!#"));
        assertSays(
                "postsuper: " + id + ": released from hold\npostsuper: Force-expired: 0 messages\n"
                        + "postsuper: Released from hold: 1 message\n",
                "postsuper",
                "-f",
                id);
        mta.await("removed", () -> mta.queueOf(id).isEmpty());
        mta.awaitLog("status=force-expired");
    }

    @Test
    void requeuesUnderANewIdWithTheOldArrivalTime() throws Exception {
        String id = sendDeferred("u1@far.test");
        long arrival = mta.queue().get(0).number("arrival_time");
        assertSays("postsuper: " + id + ": requeued\npostsuper: Requeued: 1 message\n", "postsuper", "-r", id);
        assertEquals(1, mta.queue().size());
        String newId = mta.queue().get(0).text("queue_id");
        assertNotEquals(id, newId);
        assertEquals(arrival, mta.queue().get(0).number("arrival_time"));
        mta.awaitLog(newId + ": uid=");
        mta.awaitLog(" from=<me@a.test> orig_id=" + id);
        mta.await("an attempt", () -> mta.queueOf(newId).equals("deferred"));
        String shown = mta.run("postcat", "-qhb", newId).out();
        assertTrue(
                shown.matches("(?s)Received: by [^\n]*, from userid [0-9]+\\)\n\tid " + newId
                        + "; [^\n]*\nReceived: from test .*\nSubject: s\nMessage-Id: .*\nFrom: me@a.test\n\nbody\n"),
                shown);
        mta.stop();
        mta.start();
        assertEquals(1, mta.queue().size());
        assertEquals(newId, mta.queue().get(0).text("queue_id"));
    }

    @Test
    void requeuesEachMessageOnce() throws Exception {
        for (int i = 0; i < 150; i++) {
            mta.send("me@a.test", CONTENT, "u" + i + "@far.test");
        }
        // What was answered a moment ago may not be listed yet.
        mta.await(
                "all deferred",
                () -> mta.queue().stream()
                                .filter(message -> message.text("queue_name").equals("deferred"))
                                .count()
                        == 150);
        assertSays("postsuper: Requeued: 150 messages\n", "postsuper", "-r", "ALL");
        assertEquals(
                150,
                mta.queue().stream()
                        .map(message -> message.objects("recipients").get(0).text("address"))
                        .distinct()
                        .count());
        assertEquals(150, mta.queue().size());
    }

    @Test
    void requeuesALargeHeldMessage() throws Exception {
        String line = "x".repeat(76) + "\n..\n";
        String id = mta.send("me@a.test", "Subject: large\n\n" + line.repeat(20_000) + "end", "u1@far.test");
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        mta.run("postsuper", "-h", id);
        assertSays("postsuper: " + id + ": requeued\npostsuper: Requeued: 1 message\n", "postsuper", "-r", id);
        String newId = mta.queue().get(0).text("queue_id");
        assertEquals(
                "\n" + line.replace("..", ".").repeat(20_000) + "end\n",
                mta.run("postcat", "-qb", newId).out());
        mta.await("tried again", () -> mta.queueOf(newId).equals("deferred"));
    }

    @Test
    void saysThatTheMailSystemIsDown() throws Exception {
        mta.stop();
        try {
            Spoken outcome = mta.run("postsuper", "-d", "ALL");
            assertEquals(ExitCode.UNAVAILABLE, outcome.exitCode());
            assertEquals("postsuper: fatal: Cannot change mail queue - mail system is down\n", outcome.err());
            assertEquals(0, mta.run("postsuper", "-ps").exitCode());
        } finally {
            mta.start();
        }
    }

    @Test
    void refusesWrongFlags() {
        Spoken outcome = mta.run("postsuper", "-x");
        assertEquals(1, outcome.exitCode());
        assertTrue(
                outcome.err().startsWith("postsuper: invalid option -- 'x'\npostsuper: fatal: usage: postsuper [-c"));
        outcome = mta.run("postsuper", "-d");
        assertTrue(outcome.err().startsWith("postsuper: option requires an argument -- 'd'\n"), outcome.err());
    }

    @Test
    void doesNotBringBackWhatWasDeletedInFlight() throws Exception {
        for (String reply : List.of("250 ok", "450 later", "550 no")) {
            try (SlowSite site = new SlowSite();
                    RunningMta other = new RunningMta(
                            MtaDirectory.createParent(parent, "inflight"), "relayhost = [127.0.0.1]:" + site.port())) {
                String id = other.send("me@a.test", CONTENT, "u1@far.test", "u2@far.test");
                site.awaitMessage();
                assertEquals("active", other.queueOf(id));
                assertTrue(other.run("postqueue", "-p").out().contains(id + "*"));
                Spoken outcome = other.run("postsuper", "-d", id);
                assertEquals("postsuper: " + id + ": removed\npostsuper: Deleted: 1 message\n", outcome.err());
                assertEquals(List.of(), other.queue());
                site.answer(reply);
                other.awaitLog(id + ": to=<u2@far.test>");
                other.stop();
                other.start();
                assertEquals(List.of(), other.queue(), reply);
                assertFalse(other.log().contains("notification"), reply);
            }
        }
    }
}
