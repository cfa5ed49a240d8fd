// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Splits;
import dev.stafette.codec.testing.StoredText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDecoderTest {
    private static final String EVIL = "MAIL FROM:<evil@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\nboo\r\n.\r\n";

    /** What one message became; {@code rest} is what the decoder left in the input. */
    private record Decoded(
            String stored, String rest, long contentBytes, boolean bareLf, boolean eightBit, boolean longLines) {}

    private static Decoded decode(BareNewline mode, List<ByteBuf> pieces) {
        DataDecoder decoder = new DataDecoder(mode);
        ByteBuf out = Unpooled.buffer();
        StringBuilder rest = new StringBuilder();
        boolean ended = false;
        for (ByteBuf piece : pieces) {
            if (!ended) {
                ended = decoder.decode(piece, out);
            }
            rest.append(Splits.text(piece));
        }
        return new Decoded(
                ended ? Splits.text(out) : "open: " + Splits.text(out),
                rest.toString(),
                decoder.contentBytes(),
                decoder.sawBareLf(),
                decoder.hasEightBit(),
                decoder.hasLongLines());
    }

    private static Decoded decode(BareNewline mode, String wire) {
        return Splits.everyWay(Splits.bytes(wire), pieces -> decode(mode, pieces));
    }

    private static String stored(String wire) {
        return decode(BareNewline.NORMALIZE, wire).stored();
    }

    @Test
    void keepsCleanTextAsItIs() {
        String wire = "Subject: x\r\n\r\nsome text that is longer than a word\r\n..x\r\n.y\r\n...\r\n.\r\n";
        Decoded decoded = decode(BareNewline.NORMALIZE, wire);
        assertEquals(wire, decoded.stored());
        assertEquals(wire.length() - 3 - 3, decoded.contentBytes());
        assertFalse(decoded.bareLf());
        assertFalse(decoded.eightBit());
    }

    @Test
    void endsAnEmptyMessageAtOnce() {
        assertEquals(
                new Decoded(".\r\n", "NOOP\r\n", 0, false, false, false),
                decode(BareNewline.NORMALIZE, ".\r\nNOOP\r\n"));
    }

    @Test
    void leavesWhatFollowsTheMessage() {
        Decoded decoded = decode(BareNewline.NORMALIZE, "a\r\n.\r\nMAIL FROM:<\u00e9@a.test>\r\n");
        assertEquals("a\r\n.\r\n", decoded.stored());
        assertEquals("MAIL FROM:<\u00e9@a.test>\r\n", decoded.rest());
        assertFalse(decoded.eightBit());
    }

    @Test
    void keepsAnOpenEndOpen() {
        for (String tail : List.of("", "x", "\r", ".", ".\r", "\r\n.\r", "\r\n", ".\n", "\n.\r\n")) {
            assertTrue(stored("a" + tail).startsWith("open: "), tail);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n.\n",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r\n",
                "\r.\r",
                "\r\n.\r",
                "\r\r\n.\r\r\n",
                "\r\n\0.\r\n",
                "\r\n.\0\r\n",
                "\n\n.\r\n",
                "\r.\n",
                "\n.\r\r\n",
                "\r\n.\r.\r\n",
                "\r\n. \r\n",
                "\r\n..\r\n"
            })
    void smugglesNothing(String separator) {
        for (BareNewline mode : List.of(BareNewline.NORMALIZE, BareNewline.NOTE, BareNewline.REJECT)) {
            Decoded decoded = decode(mode, "Subject: s\r\n\r\nx" + separator + EVIL + "NOOP\r\n");
            assertEquals("NOOP\r\n", decoded.rest());
            assertTrue(decoded.stored().endsWith(EVIL), decoded.stored());
            assertTransparent(decoded.stored());
        }
    }

    /** Nobody downstream, however lenient, sees another end in it. */
    private static void assertTransparent(String stored) {
        assertEquals(stored.length(), StoredText.ofData(stored, false).consumed());
        assertFalse(stored.replace("\r\n", "").contains("\r"));
        assertFalse(stored.replace("\r\n", "").contains("\n"));
    }

    @Test
    void normalizesLineEnds() {
        assertEquals("a\r\nb c\r\n \r\n\r\n.d\r\n.\r\n", stored("a\nb\rc\n\r\r\n\n.d\r\n.\r\n"));
        assertEquals(". x\r\n.\r\n", stored(".\rx\r\n.\r\n"));
        assertEquals("a  b\r\n.\r\n", stored("a\r\rb\r\n.\r\n"));
        assertEquals("a\0\r\n.\r\n", stored("a\0\r\n.\r\n"));
    }

    @Test
    void stuffsADotBetweenBareLineFeeds() {
        Decoded decoded = decode(BareNewline.NORMALIZE, "a\n.\nb\n.\r\n.\r\n");
        assertEquals("a\r\n..\r\nb\r\n..\r\n.\r\n", decoded.stored());
        assertEquals(12, decoded.contentBytes());
        assertTrue(decoded.bareLf());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n.\n", "\n.\r\n", "\r\n.\n"})
    void endsAtAnyLineEndWhenToldSo(String end) {
        Decoded decoded = decode(BareNewline.NO, "a" + end + "b");
        assertEquals("a\r\n.\r\n", decoded.stored());
        assertEquals("b", decoded.rest());
        assertTrue(decoded.bareLf());
    }

    @Test
    void notesEightBitText() {
        assertTrue(
                decode(BareNewline.NORMALIZE, "abcdefgh\u0080bcdefgh\r\n.\r\n").eightBit());
        assertTrue(decode(BareNewline.NORMALIZE, "\u00ff\r\n.\r\n").eightBit());
        assertFalse(decode(BareNewline.NORMALIZE, "abc\u007f\r\n.\r\n").eightBit());
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 2047, 2048, 2049})
    void notesLongLines(int length) {
        String line = "x".repeat(length);
        for (String text : List.of(line + "\r\n.\r\n", "." + line + "\r\n.\r\n", "a\t\r\n" + line + "\r\n.\r\n")) {
            Decoded decoded = decode(BareNewline.NORMALIZE, text);
            assertEquals(text, decoded.stored());
            assertEquals(length > 998, decoded.longLines(), text.substring(0, 4) + length);
        }
    }

    @Test
    void passesALineWithoutEnd() {
        DataDecoder decoder = new DataDecoder(BareNewline.NORMALIZE);
        ByteBuf piece = Unpooled.buffer(1 << 20).writeZero(1 << 20);
        ByteBuf out = Unpooled.buffer(1 << 20);
        for (int i = 0; i < 8; i++) {
            assertFalse(decoder.decode(piece.readerIndex(0), out.clear()));
        }
        assertEquals(8L << 20, decoder.contentBytes());
        assertTrue(decoder.hasLongLines());
    }

    @Test
    void discardsButFindsTheEnd() {
        String wire = "a\nb\r\n..c\r\n\n.\r\nd\re\r\n.\r\nNOOP\r\n";
        long contentBytes = decode(BareNewline.NORMALIZE, wire).contentBytes();
        Splits.everyWay(Splits.bytes(wire), pieces -> {
            DataDecoder decoder = new DataDecoder(BareNewline.NORMALIZE);
            decoder.discard();
            ByteBuf out = Unpooled.buffer();
            int ends = 0;
            StringBuilder rest = new StringBuilder();
            for (ByteBuf piece : pieces) {
                ends += ends == 0 && decoder.decode(piece, out) ? 1 : 0;
                rest.append(Splits.text(piece));
            }
            assertEquals(1, ends);
            assertEquals("NOOP\r\n", rest.toString());
            assertEquals(0, out.readableBytes());
            assertEquals(contentBytes, decoder.contentBytes());
            return ends;
        });
    }

    @Test
    void startsAfreshAfterReset() {
        DataDecoder decoder = new DataDecoder(BareNewline.NORMALIZE);
        ByteBuf out = Unpooled.buffer();
        assertTrue(
                decoder.decode(Unpooled.wrappedBuffer(Splits.bytes("\u00ff" + "x".repeat(1000) + "\n\r\n.\r\n")), out));
        decoder.discard();
        decoder.reset();
        assertTrue(decoder.decode(Unpooled.wrappedBuffer(Splits.bytes("a\r\n.\r\n")), out.clear()));
        assertEquals("a\r\n.\r\n", Splits.text(out));
        assertEquals(3, decoder.contentBytes());
        assertFalse(decoder.sawBareLf() || decoder.hasEightBit() || decoder.hasLongLines());
    }

    @ParameterizedTest
    @EnumSource(BareNewline.class)
    void agreesWithTheSlowModelOnAnyInput(BareNewline mode) {
        Random random = new Random(20240101);
        for (int round = 0; round < 4_000; round++) {
            String alphabet = round % 2 == 0 ? ".\r\na" : ".\r\n\r\na\t\0\u0080 zzzzzz";
            String wire = Splits.random(random, alphabet, random.nextInt(40)) + "\r\n.\r\n";
            StoredText expected = StoredText.ofData(wire, mode.needsStandardEnd());
            Decoded decoded = round % 8 == 0
                    ? decode(mode, wire)
                    : Splits.someWays(Splits.bytes(wire), random, pieces -> decode(mode, pieces));
            String shown = wire.replace("\r", "\\r").replace("\n", "\\n");
            assertEquals(expected.text(), decoded.stored(), shown);
            assertEquals(wire.length() - expected.consumed(), decoded.rest().length(), shown);
            assertEquals(expected.contentBytes(), decoded.contentBytes(), shown);
            assertEquals(expected.bareLf(), decoded.bareLf(), shown);
            assertTransparent(decoded.stored());
        }
    }

    @Test
    void givesBackWhatWasEncoded() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<String> lines = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                lines.add(
                        Splits.random(random, ".abc \t\0\u00e4", random.nextInt(random.nextInt(20) == 0 ? 1200 : 90)));
            }
            String wire = StoredText.encode(lines);
            Decoded decoded =
                    Splits.someWays(Splits.bytes(wire), random, pieces -> decode(BareNewline.NORMALIZE, pieces));
            assertEquals(wire, decoded.stored());
            assertEquals(lines.stream().mapToLong(line -> line.length() + 2).sum(), decoded.contentBytes());
            assertEquals(lines.stream().anyMatch(line -> line.length() > 998), decoded.longLines());
            assertEquals(lines.stream().anyMatch(line -> line.contains("\u00e4")), decoded.eightBit());
        }
    }
}
