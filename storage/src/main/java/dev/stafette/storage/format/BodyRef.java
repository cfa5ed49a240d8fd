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

    private final int flags;
    private final int[] segments;
    private final int[] offsets;
    private final int[] headerBytes;
    private final int[] contentBytes;

    public BodyRef(int flags, int[] segments, int[] offsets, int[] headerBytes, int[] contentBytes) {
        this.flags = flags;
        this.segments = segments;
        this.offsets = offsets;
        this.headerBytes = headerBytes;
        this.contentBytes = contentBytes;
    }

    public static BodyRef unpack(long packedA, long packedB) {
        return new BodyRef(
                (int) (packedB >>> 56),
                new int[] {(int) (packedA >>> 32)},
                new int[] {(int) packedA},
                new int[] {(int) (packedB >>> 32) & 0xffffff},
                new int[] {(int) packedB});
    }

    public boolean isSingle() {
        return segments.length == 1;
    }

    public long packedA() {
        assert isSingle();
        return (long) segments[0] << 32 | offsets[0] & 0xffffffffL;
    }

    public long packedB() {
        assert isSingle();
        return (long) flags << 56 | (long) headerBytes[0] << 32 | contentBytes[0];
    }

    public int extentCount() {
        return segments.length;
    }

    public int segment(int extent) {
        return segments[extent];
    }

    /** Of the extent's header, in bytes from the start of the segment. */
    public int offset(int extent) {
        return offsets[extent];
    }

    /** Extent header and envelope. */
    public int headerBytes(int extent) {
        return headerBytes[extent];
    }

    /** What goes over the wire; in the last extent with the final {@code .CRLF}. */
    public int contentBytes(int extent) {
        return contentBytes[extent];
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
        for (int length : contentBytes) {
            sum += length;
        }
        return Math.max(0, sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BodyRef that
                && flags == that.flags
                && Arrays.equals(segments, that.segments)
                && Arrays.equals(offsets, that.offsets)
                && Arrays.equals(headerBytes, that.headerBytes)
                && Arrays.equals(contentBytes, that.contentBytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(segments) * 31 + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return "segments " + Arrays.toString(segments) + " at " + Arrays.toString(offsets);
    }
}
