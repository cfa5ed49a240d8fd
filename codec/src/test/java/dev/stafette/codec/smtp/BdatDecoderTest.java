// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Splits;
import dev.stafette.codec.testing.StoredText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BdatDecoderTest {
    private record Decoded(String stored, String rest, long contentBytes, boolean bareLf) {}

    /** Takes the chunks out of one stream that goes on with {@code NOOP}. */
    private static Decoded decode(String... chunks) {
        String wire = String.join("", chunks) + "NOOP\r\n";
        return Splits.everyWay(Splits.bytes(wire), pieces -> decode(chunks, pieces));
    }

    private static Decoded decode(String[] chunks, List<ByteBuf> pieces) {
        BdatDecoder decoder = new BdatDecoder();
        ByteBuf out = Unpooled.buffer();
        StringBuilder rest = new StringBuilder();
        int chunk = 0;
        decoder.begin(chunks[0].length());
        for (ByteBuf piece : pieces) {
            while (chunk < chunks.length && decoder.decode(piece, out)) {
                chunk++;
                if (chunk < chunks.length) {
                    decoder.begin(chunks[chunk].length());
                }
            }
            rest.append(Splits.text(piece));
        }
        assertEquals(chunks.length, chunk);
        decoder.finish(out);
        return new Decoded(Splits.text(out), rest.toString(), decoder.contentBytes(), decoder.sawBareLf());
    }

    @Test
    void addsTheMissingLineEndOnce() {
        assertEquals(new Decoded("abc\r\n.\r\n", "NOOP\r\n", 5, false), decode("abc"));
        assertEquals(new Decoded("abc\r\n.\r\n", "NOOP\r\n", 5, false), decode("abc\r\n"));
        assertEquals(new Decoded("abc\r\n.\r\n", "NOOP\r\n", 5, true), decode("abc\n"));
        assertEquals(new Decoded("abc \r\n.\r\n", "NOOP\r\n", 6, false), decode("abc\r"));
        assertEquals(new Decoded(".\r\n", "NOOP\r\n", 0, false), decode(""));
    }

    @Test
    void takesDotsForContent() {
        assertEquals(new Decoded("\r\n..\r\n..\r\n.\r\n", "NOOP\r\n", 8, false), decode("\r\n.\r\n."));
        assertEquals("..x\r\n.\r\n", decode(".x").stored());
        assertEquals("...x\r\n..\r\n.\r\n", decode("..x\r\n.\r\n").stored());
    }

    @Test
    void joinsChunksAnywhere() {
        assertEquals(
                "hello world\r\n..x\r\n.\r\n",
                decode("hel", "lo world\r", "\n", ".", "x", "").stored());
        assertEquals("a b\r\n.\r\n", decode("a\r", "b").stored());
        assertEquals("..\r\n..\r\n.\r\n", decode(".", "\r", "\n.").stored());
    }

    @Test
    void swallowsExactlyTheChunk() {
        BdatDecoder decoder = new BdatDecoder();
        decoder.discard();
        decoder.begin(10);
        ByteBuf in = Unpooled.wrappedBuffer(Splits.bytes("01\n.\r\n6789NOOP\r\n"));
        ByteBuf out = Unpooled.buffer();
        assertFalse(decoder.decode(in.readSlice(4), out));
        assertEquals(6, decoder.missingBytes());
        assertTrue(decoder.decode(in, out));
        assertEquals("NOOP\r\n", Splits.text(in));
        decoder.finish(out);
        assertEquals(0, out.readableBytes());
    }

    @Test
    void storesWhatDataWouldHaveStored() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            String content = Splits.random(random, ".\r\n\r\nab\0\u0080", random.nextInt(40)) + "\r\n";
            String[] lines = content.split("\r\n|\n", -1);
            String expected = StoredText.encode(Arrays.stream(lines, 0, lines.length - 1)
                    .map(line -> line.replace('\r', ' '))
                    .toList());
            int cut = random.nextInt(content.length() + 1);
            String[] chunks = {content.substring(0, cut), content.substring(cut)};
            byte[] wire = Splits.bytes(content + "NOOP\r\n");
            Decoded decoded = Splits.someWays(wire, random, pieces -> decode(chunks, pieces));
            assertEquals(expected, decoded.stored(), content);
            assertEquals("NOOP\r\n", decoded.rest());
        }
    }
}
