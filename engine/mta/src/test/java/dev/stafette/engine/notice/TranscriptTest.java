// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.smtp.SmtpReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private final Transcript transcript = new Transcript();

    private void hear(String line) {
        transcript.hear(line.getBytes(StandardCharsets.UTF_8));
    }

    private String printed() {
        NoticeText text = new NoticeText();
        transcript.lines().forEach(text::quoted);
        return new String(text.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void showsWhoSaidWhat() {
        transcript.say(SmtpReply.of(220, "mx.b.test ESMTP"));
        hear("EHLO c.test");
        transcript.say(SmtpReply.ofLines(250, null, List.of("mx.b.test", "SIZE")));
        transcript.sayQueued("X", -1);
        transcript.sayQueued("Y", 30);
        assertEquals(6, transcript.lineCount());
        assertEquals(
                " Out: 220 mx.b.test ESMTP\r\n In:  EHLO c.test\r\n Out: 250-mx.b.test\r\n Out: 250 SIZE\r\n"
                        + " Out: 250 2.0.0 Ok: queued as X\r\n Out: 250 2.0.0 Ok: 30 bytes queued as Y\r\n",
                printed());
    }

    /** As Postfix 3.7 wraps it. */
    @Test
    void wrapsBetweenWords() {
        hear("MAIL FROM:<" + "a".repeat(60) + "@a.test> SIZE=1 BODY=8BITMIME");
        hear("NOOP " + "b".repeat(100) + " c");
        hear("FOO" + " w0rd".repeat(35));
        hear("c".repeat(100));
        assertEquals(
                " In:  MAIL\r\n     FROM:<" + "a".repeat(60)
                        + "@a.test>\r\n     SIZE=1 BODY=8BITMIME\r\n In:  NOOP\r\n     "
                        + "b".repeat(100) + "\r\n     c\r\n In:  FOO" + " w0rd".repeat(14) + "\r\n     w0rd"
                        + " w0rd".repeat(14) + "\r\n     w0rd"
                        + " w0rd".repeat(5) + "\r\n In:\r\n     " + "c".repeat(100) + "\r\n",
                printed());
    }

    @Test
    void showsNothingThatATerminalMightActOn() {
        hear("NOOP \u001b[2J\t\u202eäé");
        transcript.hear(new byte[] {'x', (byte) 0xff, 0, '\r'});
        assertEquals(" In:  NOOP ?[2J??äé\r\n In:  x???\r\n", printed());
    }

    @Test
    void forgetsTheBeginningOfWhatGoesOnForLong() {
        for (int i = 0; i < 1_000_000; i++) {
            hear("NOOP " + i);
        }
        String text = printed();
        assertTrue(text.startsWith(" (the first 999500 turns are left out)\r\n In:  NOOP 999500\r\n"), text);
        assertEquals(1_000_000, transcript.lineCount());
        transcript.clear();
        for (int i = 0; i < 100; i++) {
            hear("x".repeat(10_000));
        }
        assertTrue(printed().length() < 2 * Transcript.BYTES_MAX);
    }
}
