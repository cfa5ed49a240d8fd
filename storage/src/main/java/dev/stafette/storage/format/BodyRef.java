// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.util.Arrays;

/**
 * Where a message's bytes are: its extents, in order. Most messages have one, which packs into two longs.
 * Thread: any (a value).
 *
 * <pre>
 * packedA  63..32 segment | 31..0 offset of the extent in it
 * packedB  63..56 flags | 55..32 header length (extent header and envelope) | 31..0 content length
 * </pre>
 */
public final class BodyRef {
    /** The content has a line of more than 998 octets. */
    public static final int LONG_LINES = 1;

    /** The content has an octet above 127. */
    public static final int EIGHT_BIT = 2;

    /** None of these octets is in the header; said of messages that came with SMTPUTF8. */
    public static final int ASCII_HEADER = 8;

    /** The message waits for an operator from the beginning. */
    public static final int HELD = 4;

    /** The final {@code .CRLF}. */
    private static final int END_BYTES = 3;

    private static final int NUMBERS = 4;
    private static final int[] NONE = {};

    private final int flags;
    /** Of the first extent. */
    private final int segment;

    private final int offset;
    private final int headerBytes;
    private final int contentBytes;
    /** Of those behind it: four numbers each, in the order above. A message has one as a rule, which costs no array. */
    private final int[] others;

    /** Of one extent. */
    public BodyRef(int flags, int segment, int offset, int headerBytes, int contentBytes) {
        this(flags, segment, offset, headerBytes, contentBytes, NONE);
    }

    private BodyRef(int flags, int segment, int offset, int headerBytes, int contentBytes, int[] others) {
        this.flags = flags;
        this.segment = segment;
        this.offset = offset;
        this.headerBytes = headerBytes;
        this.contentBytes = contentBytes;
        this.others = others;
    }

    /** Of as many extents as each array has numbers, at least one. */
    public static BodyRef of(int flags, int[] segments, int[] offsets, int[] headerBytes, int[] contentBytes) {
        int[] others = segments.length == 1 ? NONE : new int[(segments.length - 1) * NUMBERS];
        for (int i = 1; i < segments.length; i++) {
            int at = (i - 1) * NUMBERS;
            others[at] = segments[i];
            others[at + 1] = offsets[i];
            others[at + 2] = headerBytes[i];
            others[at + 3] = contentBytes[i];
        }
        return new BodyRef(flags, segments[0], offsets[0], headerBytes[0], contentBytes[0], others);
    }

    public static BodyRef unpack(long packedA, long packedB) {
        return new BodyRef(
                (int) (packedB >>> 56), (int) (packedA >>> 32), (int) packedA, (int) (packedB >>> 32) & 0xffffff, (int)
                        packedB);
    }

    public boolean isSingle() {
        return others.length == 0;
    }

    public long packedA() {
        assert isSingle();
        return (long) segment << 32 | offset & 0xffffffffL;
    }

    public long packedB() {
        assert isSingle();
        return (long) flags << 56 | (long) headerBytes << 32 | contentBytes;
    }

    public int extentCount() {
        return 1 + others.length / NUMBERS;
    }

    public int segment(int extent) {
        return extent == 0 ? segment : others[(extent - 1) * NUMBERS];
    }

    /** Of the extent's header, in bytes from the start of the segment. */
    public int offset(int extent) {
        return extent == 0 ? offset : others[(extent - 1) * NUMBERS + 1];
    }

    /** Extent header and envelope. */
    public int headerBytes(int extent) {
        return extent == 0 ? headerBytes : others[(extent - 1) * NUMBERS + 2];
    }

    /** What goes over the wire; in the last extent with the final {@code .CRLF}. */
    public int contentBytes(int extent) {
        return extent == 0 ? contentBytes : others[(extent - 1) * NUMBERS + 3];
    }

    public int flags() {
        return flags;
    }

    public boolean hasLongLines() {
        return (flags & LONG_LINES) != 0;
    }

    public boolean hasEightBit() {
        return (flags & EIGHT_BIT) != 0;
    }

    /** True also where nobody has looked. */
    public boolean hasEightBitHeader() {
        return hasEightBit() && (flags & ASCII_HEADER) == 0;
    }

    /** As it was when it came; a later word of an operator counts more. */
    public boolean isHeld() {
        return (flags & HELD) != 0;
    }

    /** The whole content without the final {@code .CRLF}. */
    public long sizeBytes() {
        long sum = -END_BYTES;
        for (int i = 0; i < extentCount(); i++) {
            sum += contentBytes(i);
        }
        return Math.max(0, sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BodyRef that
                && flags == that.flags
                && segment == that.segment
                && offset == that.offset
                && headerBytes == that.headerBytes
                && contentBytes == that.contentBytes
                && Arrays.equals(others, that.others);
    }

    @Override
    public int hashCode() {
        return (segment * 31 + offset) * 31 + Arrays.hashCode(others);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < extentCount(); i++) {
            text.append(i == 0 ? "segment " : ", segment ")
                    .append(segment(i))
                    .append(" at ")
                    .append(offset(i));
        }
        return text.toString();
    }
}
