// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.demo.MtaDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code postcat}, {@code qshape} and {@code postqueue -s} on a queue that cannot be delivered. */
@Timeout(300)
class QueueCommandsIT {
    private Path parent;
    private RunningMta mta;

    @BeforeEach
    void start() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "queuecommands");
        // Nobody listens on port 1.
        mta = new RunningMta(
                parent,
                "relayhost = [127.0.0.1]:1",
                "minimal_backoff_time = 1000s",
                "relay_domains = far.test",
                "myhostname = mail.test");
    }

    @AfterEach
    void stop() throws Exception {
        mta.close();
        MtaDirectory.delete(parent);
    }

    private String sendDeferred(String content, String... recipients) throws Exception {
        String id = mta.send("me@a.test", content, recipients);
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        return id;
    }

    @Test
    void showsAMessageInSections() throws Exception {
        String id = sendDeferred("Subject: s\n\nbody\n..\n...dots\nend", "u1@far.test", "u2@far.test");
        String out = mta.run("postcat", "-q", id).out();
        String time = "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}\n";
        assertTrue(
                out.matches("(?s)\\*\\*\\* ENVELOPE RECORDS deferred/" + id + " \\*\\*\\*\n"
                        + "message_size: +[0-9]+ +[0-9]+ +2 +0 +[0-9]+ +0\n"
                        + "message_arrival_time: " + time + "create_time: " + time
                        + "sender: me@a.test\nrecipient: u1@far.test\nrecipient: u2@far.test\n"
                        + "\\*\\*\\* MESSAGE CONTENTS deferred/" + id + " \\*\\*\\*\n"
                        + "Received: from test .*\nSubject: s\nMessage-Id: .*\nFrom: me@a.test\n\nbody\n\\.\n\\.\\.dots\nend\n"
                        + "\\*\\*\\* HEADER EXTRACTED deferred/" + id + " \\*\\*\\*\n"
                        + "\\*\\*\\* MESSAGE FILE END deferred/" + id + " \\*\\*\\*\n"),
                out);
        assertEquals("\nbody\n.\n..dots\nend\n", mta.run("postcat", "-bq", id).out());
        String header = mta.run("postcat", "-qh", id).out();
        assertTrue(
                header.matches(
                        "(?s)Received: from test .*\nSubject: s\nMessage-Id: [^\n]*\nDate: [^\n]*\nFrom: me@a.test\n"),
                header);
        assertEquals(
                header + "\nbody\n.\n..dots\nend\n",
                mta.run("postcat", "-qhb", id).out());
        assertEquals(10, mta.run("postcat", "-qe", id).out().split("\n").length);
        assertTrue(mta.run("postcat", "-qdb", id).out().startsWith(" 78 \n 78 body\n"));
        assertTrue(mta.run("postcat", "-qvb", id).out().startsWith("regular_text: \nregular_text: body\n"));
    }

    /** The data offset of the first record is where the content's first record is. */
    @Test
    void showsOffsetsOfRecords() throws Exception {
        String id = sendDeferred("Subject: s\n\nbody", "u1@far.test");
        String[] lines = mta.run("postcat", "-qo", id).out().split("\n");
        assertTrue(lines[1].startsWith("        0 message_size: "), lines[1]);
        String dataOffset = lines[1].strip().split(" +")[3];
        assertTrue(lines[7].strip().startsWith(dataOffset + " Received: "), lines[1] + lines[7]);
        String tail = mta.run("postcat", "-qs", dataOffset, id).out();
        assertTrue(tail.contains("\nReceived: ") && !tail.contains("sender:"), tail);
    }

    @Test
    void showsALargeMessage() throws Exception {
        String line = "x".repeat(76) + "\n";
        String id = sendDeferred("Subject: s\n\n" + line.repeat(20_000) + "end", "u1@far.test");
        assertEquals(
                "\n" + line.repeat(20_000) + "end\n",
                mta.run("postcat", "-qb", id).out());
    }

    @Test
    void saysThatThereIsNoSuchMessage() throws Exception {
        Spoken outcome = mta.run("postcat", "-q", "ABC");
        assertEquals(1, outcome.exitCode());
        assertEquals("postcat: fatal: open queue file ABC: No such file or directory\n", outcome.err());
        assertEquals(
                "postcat: fatal: bad mail queue ID: !!\n",
                mta.run("postcat", "-q", "!!").err());
    }

    @Test
    void countsByDomainAndAge() throws Exception {
        sendDeferred("x", "u1@far.test", "u2@far.test");
        sendDeferred("x", "u3@Other.test");
        assertEquals(
                "                                         T  5 10 20 40 80 160 320 640 1280 1280+\n"
                        + "                                  TOTAL  3  3  0  0  0  0   0   0   0    0     0\n"
                        + "                               far.test  2  2  0  0  0  0   0   0   0    0     0\n"
                        + "                             other.test  1  1  0  0  0  0   0   0   0    0     0\n",
                mta.run("qshape", "deferred").out());
        assertEquals(80, mta.run("qshape", "-s", "-b", "3", "deferred").out().indexOf('\n'));
        assertTrue(mta.run("qshape", "-s", "deferred").out().contains("a.test  2  2  0"));
        assertEquals(2, mta.run("qshape").out().split("\n").length);
        mta.run("postsuper", "-d", "ALL");
        assertEquals(2, mta.run("qshape", "deferred", "hold").out().split("\n").length);
    }

    @Test
    void countsAgainAfterARestart() throws Exception {
        sendDeferred("x", "u1@far.test", "u2@far.test");
        mta.stop();
        mta.start();
        assertTrue(mta.run("qshape", "deferred", "active").out().contains("far.test  2  2"));
    }

    @Test
    void flushesADestination() throws Exception {
        String far = sendDeferred("x", "u1@far.test");
        String other = sendDeferred("x", "u1@other.test");
        Spoken refused = mta.run("postqueue", "-s", "other.test");
        assertEquals(ExitCode.UNAVAILABLE, refused.exitCode());
        assertEquals(
                "postqueue: fatal: Flush service is not configured for destination \"other.test\"\n", refused.err());
        mta.await("the first attempt in the log", () -> attempts(far) == 1);
        assertEquals(new Spoken(0, "", ""), mta.run("postqueue", "-s", "FAR.test"));
        mta.await("a second attempt", () -> attempts(far) == 2);
        assertEquals(1, attempts(other));
    }

    private int attempts(String id) {
        try {
            return mta.log().split(id + ": to=<", -1).length - 1;
        } catch (java.io.IOException e) {
            return 0;
        }
    }
}
