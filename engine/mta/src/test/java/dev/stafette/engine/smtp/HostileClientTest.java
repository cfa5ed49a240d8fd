// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in any order: a reply or a close, never an exception, a stuck session or memory without bound. */
class HostileClientTest {
    private static final Pattern REPLIES = Pattern.compile("([2-5][0-9]{2}[ -][^\\r\\n]*\\r\\n)*");

    /** What makes a session move, whole and broken. */
    private static final List<String> WORDS = List.of(
            "EHLO c.test\r\n",
            "HELO c.test\r\n",
            "MAIL FROM:<a@a.test>\r\n",
            "MAIL FROM:<> SIZE=10 BODY=8BITMIME RET=HDRS\r\n",
            "RCPT TO:<u@b.test>\r\n",
            "RCPT TO:<nope@b.test> NOTIFY=NEVER\r\n",
            "DATA\r\n",
            "BDAT 5\r\n",
            "BDAT 0 LAST\r\n",
            "BDAT 7 LAST\r\n",
            "BDAT 99999999999\r\n",
            "RSET\r\n",
            "NOOP\r\n",
            "VRFY u@b.test\r\n",
            "QUIT\r\n",
            "\r\n.\r\n",
            ".\r\n",
            "\n",
            "\r",
            ".",
            "\0",
            "Subject: x\r\n\r\n",
            "\u00ff\u00fe",
            "<<>>\"\\ (",
            "x".repeat(3000),
            " ");

    private static final List<String> SETTINGS = List.of(
            "message_size_limit = 3000",
            "smtpd_soft_error_limit = 1000",
            "smtpd_hard_error_limit = 1000",
            "smtpd_forbid_unauth_pipelining = no");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void staysInOrder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            KeptQueue queue = new KeptQueue();
            try (TestClient client = new TestClient(queue, "192.0.2.7", SETTINGS)) {
                client.connect();
                StringBuilder said = new StringBuilder(client.received());
                for (int i = 0; i < 60 && !client.isClosed(); i++) {
                    client.send(random.nextInt(4) == 0 ? noise(random) : segment(random));
                    queue.holds = random.nextInt(5) == 0;
                    said.append(client.received());
                }
                queue.holds = false;
                queue.commit();
                client.run();
                said.append(client.received());
                assertTrue(REPLIES.matcher(said).matches(), () -> "seed " + seed + ": " + said);
                assertStillAnswers(client, seed);
                assertNoMistake(client, seed);
            }
        }
    }

    private static String segment(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            out.append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return random.nextInt(3) == 0 ? out.substring(random.nextInt(out.length())) : out.toString();
    }

    private static String noise(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(200); i >= 0; i--) {
            out.append((char) random.nextInt(256));
        }
        return out.toString();
    }

    /** Whatever state it is in: the end of a line, of a message and of the largest chunk bring it back. */
    private static void assertStillAnswers(TestClient client, long seed) {
        for (int i = 0; i < 3 && !client.isClosed(); i++) {
            client.send("\r\n.\r\nRSET\r\n");
            String answer = client.received();
            if (answer.endsWith("250 2.0.0 Ok\r\n")) {
                return;
            }
        }
        // In a chunk of 99,999,999,999 bytes nothing is a command; it takes no memory.
        client.disconnect();
        assertTrue(client.isClosed(), "seed " + seed);
    }

    private static void assertNoMistake(TestClient client, long seed) {
        client.disconnect();
        List<String> lines = client.logLines();
        assertTrue(
                lines.stream().noneMatch(line -> line.contains("error: session ended")), () -> "seed " + seed + lines);
    }

    @Test
    void keepsLittleOfWhatComesTooEarly() {
        KeptQueue queue = new KeptQueue();
        queue.holds = true;
        try (TestClient client = new TestClient(queue, "192.0.2.7", SETTINGS)) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
            client.send("x\r\n.\r\n");
            client.received();
            assertTrue(client.channel().config().isAutoRead());
            client.send("NOOP\r\n".repeat(Connection.HELD_BYTES_MAX / 6 + 2));
            assertTrue(!client.channel().config().isAutoRead(), "reads on while nothing is worked on");
            assertEquals("", client.received());
            queue.commit();
            client.run();
            assertTrue(client.channel().config().isAutoRead());
            assertTrue(client.received().startsWith("250 2.0.0 Ok: queued as "));
        }
    }

    @Test
    void doesNotAnswerWhomNobodyHears() {
        try (TestClient client = new TestClient(new KeptQueue(), "192.0.2.7", SETTINGS)) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.received();
            client.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            client.send("RSET\r\n".repeat(100));
            assertEquals("", client.received());
            client.channel().unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            client.run();
            assertEquals("250 2.0.0 Ok\r\n".repeat(100), client.received());
        }
    }

    @Test
    void stopsReadingAMessageThatTheDiskDoesNotTake() {
        KeptQueue queue = new KeptQueue();
        queue.holds = true;
        try (TestClient client = new TestClient(queue, "192.0.2.7", List.of())) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
            client.received();
            byte[] block = ("x".repeat(62) + "\r\n").repeat(1024).getBytes();
            int sent = 0;
            while (client.channel().config().isAutoRead()) {
                client.send(Unpooled.copiedBuffer(block));
                sent += block.length;
                assertTrue(sent < 2 << 20, "reads on for ever");
            }
            queue.holds = false;
            queue.commit();
            client.run();
            assertTrue(client.channel().config().isAutoRead());
            client.send(".\r\n");
            assertTrue(client.received().startsWith("250 2.0.0 Ok: queued as "));
            assertEquals(sent, queue.messages().get(0).body().length() - 2);
        }
    }
}
