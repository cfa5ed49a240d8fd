// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmtpReplyDecoderTest {
    private static final int LINE_MAX = 64;

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    /** Replies and failures in the order they come, whole or cut at the given places. */
    private static List<String> decode(String wire, int... cuts) {
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        List<String> seen = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : wire.length();
            ByteBuf in = bytes(wire.substring(from, to));
            from = to;
            while (decoder.decode(in)) {
                seen.add(decoder.text());
            }
            assertFalse(in.isReadable());
        }
        return seen;
    }

    private static List<String> decodeAnyWay(String wire) {
        List<String> whole = decode(wire);
        for (int cut = 0; cut <= wire.length(); cut++) {
            assertEquals(whole, decode(wire, cut), "cut at " + cut);
        }
        int[] everywhere = new int[wire.length()];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i;
        }
        assertEquals(whole, decode(wire, everywhere));
        return whole;
    }

    @Test
    void takesRepliesApartWhereverTheyAreSplit() {
        assertEquals(
                List.of("220-a 220 b", "250 2.1.0 Ok", "354-x 354 y", "250"),
                decodeAnyWay("220-a\r\n220 b\r\n250 2.1.0 Ok\r\n354-x\r\n354 y\r\n250\r\n"));
    }

    @Test
    void acceptsBareLineFeedAndMissingText() {
        assertEquals(List.of("250 ok", "250 ", "250- 250"), decodeAnyWay("250 ok\n250 \r\n250-\r\n250\r\n"));
    }

    @Test
    void takesTheCodeOfTheLastLine() {
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        assertTrue(decoder.decode(bytes("250-5.1.1 one\r\n550 5.1.1 two\r\n")));
        assertEquals(550, decoder.code());
        assertEquals("250-5.1.1 one 550 5.1.1 two", decoder.text());
    }

    @Test
    void putsLinesWithoutACodeInFrontOfTheReply() {
        for (String line : List.of("abc", "25 x", "2500 x", "250x", "25", " 250 x", "?-1 x")) {
            assertEquals(
                    List.of("250 a", (line + " 250 b"), "250 c"),
                    decodeAnyWay("250 a\r\n" + line + "\r\n250 b\r\n250 c\r\n"),
                    line);
        }
        assertEquals(List.of("250 a", "250-b  250 c"), decodeAnyWay("\r\n\n250 a\r\n\r\n250-b\r\n\r\n250 c\r\n"));
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        assertTrue(decoder.decode(bytes("abc\r\n550 5.1.1 b\r\n")));
        assertTrue(decoder.isNoisy());
        assertEquals(550, decoder.code());
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.status());
        assertTrue(decoder.decode(bytes("250 c\r\n")));
        assertFalse(decoder.isNoisy());
    }

    @Test
    void takesAnyThreeDigitsForACode() {
        for (int code : new int[] {0, 7, 150, 354, 666, 850, 999}) {
            SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
            assertTrue(decoder.decode(bytes("%03d x\r\n".formatted(code))));
            assertEquals(code, decoder.code());
        }
    }

    @Test
    void cutsWhatIsTooLong() {
        String longest = "250 " + "x".repeat(LINE_MAX - 4);
        assertEquals(List.of(longest), decodeAnyWay(longest + "\r\n"));
        assertEquals(List.of(longest, "250 b"), decodeAnyWay(longest + "yyy\r\n250 b\n"));
        // The line that reaches the limit of the text is the last in it, though the last that comes has the code.
        assertEquals(
                List.of(longest.replaceFirst(" ", "-")), decodeAnyWay(longest.replaceFirst(" ", "-") + "\n550 b\n"));
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        assertTrue(decoder.decode(bytes("250-a\r\n".repeat(10_000) + "550 5.1.1 a\r\n")));
        assertEquals(550, decoder.code());
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.status());
        assertTrue(decoder.text().length() <= 2 * LINE_MAX, decoder.text());
        assertFalse(decoder.decode(bytes("2".repeat(4_000_000))));
        assertTrue(decoder.decode(bytes("\r\n250 b\r\n")));
        assertEquals("2".repeat(LINE_MAX), decoder.text());
    }

    @Test
    void showsOnlyPrintableText() {
        assertEquals(List.of("250 a?b?[31m ?"), decodeAnyWay("250 a\tb\u001b[31m \u00ff\r\n"));
        assertEquals(List.of("250-a 250", "250 c"), decodeAnyWay("250-a\0b\r\n250\0b\0\r\n250 c\r\n"));
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        decoder.decode(Unpooled.copiedBuffer("250-grüß\r\n250 dich\r\n", StandardCharsets.UTF_8));
        assertEquals("250-grüß 250 dich", decoder.text());
    }

    @Test
    void readsTheEnhancedStatus() {
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_MAX);
        decoder.decode(bytes("550-5.1.1 no\r\n550 5.1.1 such user\r\n"));
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.status());
        assertEquals(List.of("no", "such user"), decoder.reply().lines());
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.reply().status());
        decoder.decode(bytes("550 User unknown\r\n"));
        assertNull(decoder.status());
        decoder.decode(bytes("550-other\r\n550 5.1.1\r\n"));
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.status());
        decoder.decode(bytes("550   5.1.1 x\r\n"));
        assertEquals(EnhancedStatus.of(5, 1, 1), decoder.status());
        decoder.decode(bytes("550 4.1.1 x\r\n"));
        assertNull(decoder.status());
        decoder.decode(bytes("250-other\r\n250 5.1.1\r\n"));
        assertNull(decoder.status());
        decoder.decode(bytes("250-other\r\n250 2.1.1\r\n"));
        assertEquals(List.of("other", "2.1.1"), decoder.reply().lines());
        assertNull(decoder.reply().status());
    }

    @Test
    void findsTheSameRepliesInAnyBytesHoweverTheyAreSplit() {
        Random random = new Random(20260101);
        String alphabet = "0123456789-  \r\r\n\nab.\u00e4\0";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder wire = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                wire.append(random.nextInt(4) == 0 ? "250 " : alphabet.charAt(random.nextInt(alphabet.length())) + "");
            }
            String text = wire.toString();
            int cut = random.nextInt(text.length() + 1);
            assertEquals(decode(text), decode(text, cut), () -> text + " cut at " + cut);
        }
    }

    @Test
    void saysWhatWasCutOfAReplyAndOfNoOther() {
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(10);
        ByteBuf in = Unpooled.copiedBuffer("250 0123456789\r\n250 0123\r\n", StandardCharsets.US_ASCII);
        assertTrue(decoder.decode(in));
        assertTrue(decoder.isCut());
        assertTrue(decoder.decode(in));
        assertFalse(decoder.isCut());
    }

    @Test
    void makesOneLineOfEachLineOfAReply() {
        SmtpReply reply = SmtpReply.ofLines(
                550, EnhancedStatus.of(5, 7, 1), List.of("<a\r\n250 Ok\u001b[2J\0b\u007f>: no", "\u00e4\tb"));
        String text = "550-5.7.1 <a  250 Ok [2J b >: no\r\n550 5.7.1 \u00e4 b\r\n";
        ByteBuf wire = Unpooled.buffer();
        reply.encode(wire);
        assertEquals(text, wire.toString(StandardCharsets.UTF_8));
        assertEquals(text, reply.toString());
    }
}
