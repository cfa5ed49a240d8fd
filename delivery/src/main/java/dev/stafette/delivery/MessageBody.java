// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The stored content of a message in the form it travels in: CRLF lines, dot-stuffed, ended by {@code .CRLF}.
 * Thread: any. The parts stay readable until {@link #release}, which is called once, by the transport.
 */
public interface MessageBody {
    int partCount();

    /** What goes in front of the first part, borrowed until {@link #release}; null: nothing. */
    default @Nullable ByteBuf head() {
        return null;
    }

    FileChannel partChannel(int part);

    /** Where the part starts in its file, in bytes. */
    long partPosition(int part);

    /** The last part's length includes the final {@code .CRLF}. */
    int partLengthBytes(int part);

    /** Head and parts without the final {@code .CRLF}: what SIZE declares (RFC 1870 §5; dot-stuffing counts, as allowed). */
    long sizeBytes();

    /** A line is longer than 998 octets (RFC 5321 §4.5.3.1.6): it cannot be copied to the wire as it is. */
    boolean hasLongLines();

    /** An octet above 127 occurs. */
    boolean hasEightBit();

    /** One occurs in the header, or might. */
    boolean hasEightBitHeader();

    void release();
}
