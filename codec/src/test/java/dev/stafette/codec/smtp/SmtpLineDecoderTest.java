// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.smtp.SmtpLineDecoder.Result;
import dev.stafette.codec.testing.Splits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmtpLineDecoderTest {
    private static final int LINE_MAX = 16;

    /** The lines in brackets, with what is odd about them. */
    private static List<String> decode(List<ByteBuf> pieces) {
        SmtpLineDecoder decoder = new SmtpLineDecoder(LINE_MAX);
        List<String> seen = new ArrayList<>();
        for (ByteBuf piece : pieces) {
            while (decoder.decode(piece) != Result.NEED_MORE) {
                byte[] line = new byte[decoder.length()];
                decoder.copyTo(line);
                String odd = decoder.isCut() ? "cut" : decoder.endedByBareLf() ? "lf" : "";
                seen.add("[" + Splits.text(line) + "]" + odd);
            }
            assertFalse(piece.isReadable());
        }
        seen.add(decoder.hasPending() ? "pending" : "");
        return seen;
    }

    private static List<String> decode(String wire) {
        return Splits.everyWay(Splits.bytes(wire), SmtpLineDecoderTest::decode);
    }

    @Test
    void findsLinesWhereverTheyAreSplit() {
        assertEquals(
                List.of("[EHLO c.test]", "[NOOP]lf", "[]", "[]lf", "[QUIT]", ""),
                decode("EHLO c.test\r\nNOOP\n\r\n\nQUIT\r\n"));
        assertEquals(List.of("pending"), decode("NOOP"));
        assertEquals(List.of("pending"), decode("\r"));
        assertEquals(List.of(""), decode(""));
    }

    @Test
    void keepsAStrayCarriageReturn() {
        assertEquals(List.of("[NOOP\rQUIT]", "[a\r]", "pending"), decode("NOOP\rQUIT\r\na\r\r\nb\r"));
    }

    @Test
    void cutsOffWhatIsTooLongAndGoesOn() {
        String max = "x".repeat(LINE_MAX);
        String cut = "[" + max + "]cut";
        assertEquals(List.of("[" + max + "]", "[" + max + "]lf", ""), decode(max + "\r\n" + max + "\n"));
        assertEquals(List.of(cut, "[NOOP]", ""), decode(max + "y\r\nNOOP\r\n"));
        assertEquals(List.of(cut, "[NOOP]", ""), decode(max + "y\nNOOP\r\n"));
        assertEquals(List.of(cut, cut, "[NOOP]", ""), decode(max.repeat(9) + "\r\n" + max + "\r\r\nNOOP\r\n"));
        assertEquals(List.of("pending"), decode(max + max));
    }

    @Test
    void keepsLittleOfAnEndlessLine() {
        SmtpLineDecoder decoder = new SmtpLineDecoder(2048);
        byte[] endless = new byte[100_000];
        assertEquals(Result.NEED_MORE, decoder.decode(Unpooled.wrappedBuffer(endless)));
        assertTrue(decoder.hasPending());
        assertEquals(Result.LINE, decoder.decode(Unpooled.wrappedBuffer(Splits.bytes("\r\n"))));
        assertTrue(decoder.isCut());
        assertEquals(2048, decoder.length());
        assertFalse(decoder.hasPending());
    }

    @Test
    void showsALineForTheLog() {
        SmtpLineDecoder decoder = new SmtpLineDecoder(2048);
        decoder.decode(Unpooled.wrappedBuffer(Splits.bytes("a\0\r\u00e9" + "b".repeat(200) + "\r\n")));
        assertEquals("a???" + "b".repeat(26), decoder.excerpt());
    }

    @Test
    void agreesWithASlowModelOnAnyInput() {
        Random random = new Random(5);
        for (int round = 0; round < 1_000; round++) {
            String wire = Splits.random(random, "\r\na\0bcdefgh", random.nextInt(60));
            List<String> expected = new ArrayList<>();
            int at = 0;
            for (int lf = wire.indexOf('\n'); lf >= 0; lf = wire.indexOf('\n', at)) {
                boolean crlf = lf > at && wire.charAt(lf - 1) == '\r';
                String line = wire.substring(at, crlf ? lf - 1 : lf);
                boolean cut = line.length() > LINE_MAX;
                expected.add(cut ? "[" + line.substring(0, LINE_MAX) + "]cut" : "[" + line + "]" + (crlf ? "" : "lf"));
                at = lf + 1;
            }
            expected.add(at < wire.length() ? "pending" : "");
            assertEquals(expected, Splits.someWays(Splits.bytes(wire), random, SmtpLineDecoderTest::decode));
        }
    }
}
