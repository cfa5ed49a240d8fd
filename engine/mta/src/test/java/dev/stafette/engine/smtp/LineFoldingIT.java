// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.message.LongLineEncoder;
import dev.stafette.engine.intake.KeptQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One message, through Postfix to a server, and through ours: the same bytes where lines are broken.
 *
 * <p>Postfix keeps a line in records of line_length_limit bytes. Where one of them ends the line and comes to its end with
 * the last break, it sends one more line with a space in it; ours does not, and the limits here stay clear of that.
 */
@Timeout(120)
class LineFoldingIT {
    private static final int[] LIMITS = {998, 0, 990, 997, 999, 1000, 1025, 2000, 100, 6, 5};
    /** All that would be added otherwise. */
    private static final String MARK =
            "X-Mark: 1\r\nFrom: a@a.test\r\nDate: Sun, 1 Nov 2026 10:00:00 +0000\r\nMessage-Id: <1@a.test>\r\n";

    /** {@code text} goes on as long as it takes. */
    private static String line(String text, int length) {
        return text.repeat(length / text.length() + 1).substring(0, length);
    }

    private static List<Integer> lengths() {
        List<Integer> lengths = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 99, 100, 101, 199, 200, 2100, 5000));
        for (int around : new int[] {997, 1000, 1024, 1995, 2048, 2992}) {
            for (int length = around - 5; length <= around + 5; length++) {
                lengths.add(length);
            }
        }
        return lengths;
    }

    private static String message() {
        StringBuilder out = new StringBuilder(MARK);
        for (int length : lengths()) {
            out.append("X-").append(length).append(": ");
            out.append(line("headerfield", Math.max(length - 8, 1))).append("\r\n");
        }
        out.append("X-Folded: ")
                .append(line("ab", 985))
                .append("\r\n ")
                .append(line("cd", 1200))
                .append("\r\n\r\n");
        for (int length : lengths()) {
            out.append(line("0123456789", length)).append("\r\n");
            out.append(line("..", length)).append("\r\n");
            out.append(line("..............\u00c3\u00a9x", length)).append("\r\n");
            out.append(line("word . \t", length)).append("\r\n");
            out.append(line("\u00e3\u0080\u0082", length)).append("\r\n");
        }
        return out.toString();
    }

    private static String throughUs(String message, int limit) {
        KeptQueue queue = new KeptQueue();
        try (TestClient client = new TestClient(queue, "10.0.0.1", OurServer.mainCf(OurServer.LENIENT)).connect()) {
            for (String part : List.of(
                    "EHLO c.test",
                    "MAIL FROM:<a@a.test> BODY=8BITMIME",
                    "RCPT TO:<u@b.test>",
                    "DATA",
                    stuffed(message) + ".")) {
                client.send(part + "\r\n");
                client.received();
            }
        }
        String content = queue.messages().get(0).content();
        ByteBuf in = Unpooled.copiedBuffer(content, StandardCharsets.ISO_8859_1);
        ByteBuf out = Unpooled.buffer();
        if (limit == 0) {
            out.writeBytes(in);
        } else {
            new LongLineEncoder(limit).encode(in, out);
        }
        String sent = out.toString(StandardCharsets.ISO_8859_1);
        return sent.substring(sent.indexOf("X-M"));
    }

    private static String stuffed(String message) {
        return message.replace("\r\n.", "\r\n..");
    }

    @Test
    void breaksLinesWherePostfixDoes() throws Exception {
        String message = message();
        try (RawSink sink = new RawSink()) {
            List<String> rows = new ArrayList<>(List.of(
                    "qmgr unix n - n 300 1 qmgr",
                    "bounce unix - - n - 0 bounce",
                    "defer unix - - n - 0 bounce",
                    "trace unix - - n - 0 bounce"));
            StringBuilder routes = new StringBuilder("transport_maps = inline:{");
            StringBuilder commands = new StringBuilder("MAIL FROM:<a@a.test> BODY=8BITMIME\r\n");
            for (int limit : LIMITS) {
                rows.add("fold" + limit + " unix - - n - - smtp -o smtp_line_length_limit=" + limit);
                routes.append(" {l" + limit + ".test=fold" + limit + ":[127.0.0.1]:" + sink.port() + "}");
                commands.append("RCPT TO:<u@l" + limit + ".test>\r\n");
            }
            try (PostfixServer postfix = PostfixServer.start(List.of(""), List.of(routes + " }"), rows);
                    SocketClient client = new SocketClient(postfix.address(0)).hello()) {
                client.send(commands + "DATA\r\n");
                for (int i = 0; i < LIMITS.length + 2; i++) {
                    client.reply();
                }
                client.send(stuffed(message) + ".\r\n");
                client.reply();
                for (int limit : LIMITS) {
                    String sent = sink.await("l" + limit + ".test");
                    assertSame(sent.substring(sent.indexOf("X-M")), throughUs(message, limit), limit);
                }
            }
        }
    }

    private static void assertSame(String theirs, String ours, int limit) {
        int at = 0;
        while (at < Math.min(theirs.length(), ours.length()) && theirs.charAt(at) == ours.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - 40);
        assertEquals(
                theirs.substring(from, Math.min(theirs.length(), at + 40)),
                ours.substring(from, Math.min(ours.length(), at + 40)),
                "smtp_line_length_limit = " + limit + ", behind byte " + at);
    }
}
