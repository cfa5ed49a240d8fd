// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Feeds a decoder the same bytes whole, cut in two at every place, and byte by byte; all must give the same result.
 *
 * <p>Every piece lies in a buffer with other bytes around it, so that a decoder that reads beyond its piece is found out.
 */
public final class Splits {
    private static final byte[] NOISE = "\r\n.\r\n\u00ff.\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private Splits() {}

    /** One byte for each char. */
    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public static String text(ByteBuf buf) {
        return buf.toString(StandardCharsets.ISO_8859_1);
    }

    /** Returns what {@code decode} makes of the whole. The result needs {@code equals}. */
    public static <T> T everyWay(byte[] wire, Function<List<ByteBuf>, T> decode) {
        T whole = run(wire, decode, new int[0]);
        for (int cut = 0; cut <= wire.length; cut++) {
            assertEquals(whole, run(wire, decode, cut), "cut at " + cut + " of " + Arrays.toString(wire));
        }
        int[] everywhere = new int[wire.length];
        Arrays.setAll(everywhere, i -> i);
        assertEquals(whole, run(wire, decode, everywhere), "byte by byte: " + Arrays.toString(wire));
        return whole;
    }

    /** As {@link #everyWay}, with a few random cuts, for input that is too long for all. */
    public static <T> T someWays(byte[] wire, Random random, Function<List<ByteBuf>, T> decode) {
        T whole = run(wire, decode, new int[0]);
        for (int i = 0; i < 4; i++) {
            int[] cuts = random.ints(1 + random.nextInt(6), 0, wire.length + 1)
                    .sorted()
                    .toArray();
            assertEquals(whole, run(wire, decode, cuts), "cut at " + Arrays.toString(cuts));
        }
        return whole;
    }

    private static <T> T run(byte[] wire, Function<List<ByteBuf>, T> decode, int... cuts) {
        List<ByteBuf> pieces = new ArrayList<>(cuts.length + 1);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : wire.length;
            pieces.add(piece(wire, from, to));
            from = to;
        }
        return decode.apply(pieces);
    }

    private static ByteBuf piece(byte[] wire, int from, int to) {
        byte[] room = new byte[NOISE.length * 2 + to - from];
        System.arraycopy(NOISE, 0, room, 0, NOISE.length);
        System.arraycopy(wire, from, room, NOISE.length, to - from);
        System.arraycopy(NOISE, 0, room, NOISE.length + to - from, NOISE.length);
        return Unpooled.wrappedBuffer(room).setIndex(NOISE.length, NOISE.length + to - from);
    }

    /** A string made of the given characters only. */
    public static String random(Random random, String alphabet, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }
}
