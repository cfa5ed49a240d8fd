// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongLineEncoderTest {
    private static String encode(int lineBytesMax, byte[] wire, int... cuts) {
        return encode(lineBytesMax, wire, StandardCharsets.UTF_8, cuts);
    }

    /** One char a byte. */
    private static String encodeLatin1(int lineBytesMax, byte[] wire) {
        return encode(lineBytesMax, wire, StandardCharsets.ISO_8859_1);
    }

    private static String encode(int lineBytesMax, byte[] wire, Charset charset, int... cuts) {
        LongLineEncoder encoder = new LongLineEncoder(lineBytesMax);
        ByteBuf out = Unpooled.buffer();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : wire.length;
            encoder.encode(Unpooled.wrappedBuffer(wire, from, to - from), out);
            from = to;
        }
        return out.toString(charset);
    }

    private static String encode(int lineBytesMax, String wire) {
        return encode(lineBytesMax, wire.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void breaksWhatIsTooLongAndNothingElse() {
        assertEquals("12345\r\n\r\n.\r\n", encode(5, "12345\r\n\r\n.\r\n"));
        assertEquals("12345\r\n 6789\r\n 0\r\n.\r\n", encode(5, "1234567890\r\n.\r\n"));
        assertEquals("12345\r\n 6789\r\n", encode(5, "123456789\r\n"));
    }

    @Test
    void countsNoStuffedDotAndNeedsNone() {
        assertEquals("..2345\r\n.\r\n", encode(5, "..2345\r\n.\r\n"));
        assertEquals("..2345\r\n 6\r\n.\r\n", encode(5, "..23456\r\n.\r\n"));
        assertEquals("12345\r\n .\r\n.\r\n", encode(5, "12345.\r\n.\r\n"));
    }

    /** As Postfix counts: what is displayed in one place may have come in two. */
    @Test
    void countsOctetsAndNotCharacters() {
        byte[] wire = "1234\u00fc\r\n".getBytes(StandardCharsets.UTF_8);
        assertEquals("1234\u00c3\r\n \u00bc\r\n", encodeLatin1(5, wire));
    }

    @Test
    void losesNothingWhereverItIsCut() {
        Random random = new Random(20260104);
        String[] alphabet = {"a", ".", "ü", "😀", " ", "\r\n", "bcdefg"};
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet[random.nextInt(alphabet.length)]);
            }
            byte[] wire = text.append("\r\n.\r\n").toString().getBytes(StandardCharsets.UTF_8);
            String whole = encodeLatin1(7, wire);
            String given = new String(wire, StandardCharsets.ISO_8859_1);
            assertEquals(given.replace("\r\n ", ""), whole.replace("\r\n ", ""));
            for (String line : whole.split("\r\n")) {
                int dot = line.startsWith(".") ? 1 : 0;
                assertTrue(line.length() <= 7 + dot, line);
            }
        }
    }

    @Test
    void splitsAlikeInOneByteSteps() {
        byte[] wire = ("Subject: x\r\n\r\n" + "y".repeat(50) + "\r\n..z\r\n.\r\n").getBytes(StandardCharsets.UTF_8);
        String whole = encode(10, wire);
        for (int cut = 0; cut <= wire.length; cut++) {
            assertEquals(whole, encode(10, wire, cut));
        }
    }

    @Test
    void refusesALimitThatHoldsNothing() {
        assertThrows(IllegalArgumentException.class, () -> new LongLineEncoder(1));
    }
}
