// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import dev.stafette.codec.envelope.Envelope;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An extent: a message, or a piece of a large one, as it lies in a segment. It explains itself, so that a person or a
 * tool can tell what a segment holds without the journal. Little-endian.
 * Extent 0 has the envelope, and of a large message the header alone; it is written last. The others are content.
 * One of queue id 0 is of no message: its content is a piece of the journal.
 * Thread: any.
 *
 * <pre>
 *  0 u32 magic "STFX"      8 u64 queue id             24 u32 content length      40 u32 CRC32C of bytes 0..39
 *  4 u16 version          16 u32 index of the extent  28 u32 CRC32C of the rest  44 u32 0
 *  6 u16 flags            20 u32 envelope length      32 u64 arrival, ms         48 envelope | content
 * </pre>
 */
public final class ExtentFormat {
    public static final int HEADER_BYTES = 48;

    /** Set in the extent that ends the message, which is not always the one that was written last. */
    public static final int LAST = 1 << 8;

    private static final int MAGIC = 0x58465453;
    /** A later one comes with a later journal, whose replay refuses it before bodies are looked at. */
    private static final int VERSION = 1;

    private static final int VERSION_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int QUEUE_ID_OFFSET = 8;
    private static final int INDEX_OFFSET = 16;
    private static final int ENVELOPE_LENGTH_OFFSET = 20;
    private static final int CONTENT_LENGTH_OFFSET = 24;
    private static final int CRC_OFFSET = 28;
    private static final int ARRIVAL_OFFSET = 32;
    private static final int HEADER_CRC_OFFSET = 40;

    private ExtentFormat() {}

    /**
     * Writes the header's place and the envelope at the buffer's start; what is written behind it until {@link #finish} is
     * content. Returns the length of header and envelope.
     *
     * @param envelope for the first extent; null for the others
     */
    public static int begin(ByteBuf prefix, long queueId, int index, @Nullable Envelope envelope, long arrivalMs) {
        prefix.clear().writeZero(HEADER_BYTES);
        if (envelope != null) {
            EnvelopeFormat.encode(envelope, prefix);
        }
        int headerBytes = prefix.writerIndex();
        prefix.setIntLE(0, MAGIC);
        prefix.setShortLE(VERSION_OFFSET, VERSION);
        prefix.setLongLE(QUEUE_ID_OFFSET, queueId);
        prefix.setIntLE(INDEX_OFFSET, index);
        prefix.setIntLE(ENVELOPE_LENGTH_OFFSET, headerBytes - HEADER_BYTES);
        prefix.setLongLE(ARRIVAL_OFFSET, arrivalMs);
        return headerBytes;
    }

    /**
     * Fills in flags, lengths and checksums.
     *
     * @param flags of {@link BodyRef}, and {@link #LAST}
     */
    public static void finish(ByteBuf prefix, ByteBuf content, int headerBytes, int flags) {
        CRC32C crc = new CRC32C();
        update(crc, prefix, HEADER_BYTES, prefix.writerIndex() - HEADER_BYTES);
        update(crc, content, content.readerIndex(), content.readableBytes());
        prefix.setShortLE(FLAGS_OFFSET, flags);
        prefix.setIntLE(CONTENT_LENGTH_OFFSET, prefix.writerIndex() - headerBytes + content.readableBytes());
        prefix.setIntLE(CRC_OFFSET, (int) crc.getValue());
        prefix.setIntLE(HEADER_CRC_OFFSET, headerCrc(prefix));
    }

    private static void update(CRC32C crc, ByteBuf buf, int index, int length) {
        if (length == 0) {
            return;
        }
        if (buf.nioBufferCount() == 1) {
            crc.update(buf.internalNioBuffer(index, length));
            return;
        }
        for (ByteBuffer part : buf.nioBuffers(index, length)) {
            crc.update(part);
        }
    }

    private static int headerCrc(ByteBuf extent) {
        CRC32C crc = new CRC32C();
        update(crc, extent, extent.readerIndex(), HEADER_CRC_OFFSET);
        return (int) crc.getValue();
    }

    /** Checks a header; a StorageException says what does not add up. {@code extent} holds at least the header. */
    public static void checkHeader(ByteBuf extent, long queueId, int index, int headerBytes, int contentBytes) {
        if (extent.getIntLE(0) != MAGIC) {
            throw new StorageException("extent magic: 0x" + Integer.toHexString(extent.getIntLE(0)));
        }
        if (extent.getIntLE(HEADER_CRC_OFFSET) != headerCrc(extent)) {
            throw new StorageException("extent header: checksum does not fit");
        }
        expect("version", extent.getShortLE(VERSION_OFFSET), VERSION);
        expect("queue id", extent.getLongLE(QUEUE_ID_OFFSET), queueId);
        expect("index", extent.getIntLE(INDEX_OFFSET), index);
        expect("envelope length", extent.getIntLE(ENVELOPE_LENGTH_OFFSET), headerBytes - HEADER_BYTES);
        expect("content length", extent.getIntLE(CONTENT_LENGTH_OFFSET), contentBytes);
    }

    private static void expect(String what, long found, long expected) {
        if (found != expected) {
            throw new StorageException("extent " + what + ": " + found + " (expected: " + expected + ")");
        }
    }

    public static int storedCrc(ByteBuf extent) {
        return extent.getIntLE(CRC_OFFSET);
    }

    public static long arrivalMs(ByteBuf extent) {
        return extent.getLongLE(ARRIVAL_OFFSET);
    }

    public static long queueId(ByteBuf extent) {
        return extent.getLongLE(QUEUE_ID_OFFSET);
    }

    /** Length of the extent whose header this is; -1 when it is no header. */
    public static int lengthBytes(ByteBuf extent) {
        if (extent.getIntLE(0) != MAGIC || extent.getIntLE(HEADER_CRC_OFFSET) != headerCrc(extent)) {
            return -1;
        }
        return HEADER_BYTES + extent.getIntLE(ENVELOPE_LENGTH_OFFSET) + extent.getIntLE(CONTENT_LENGTH_OFFSET);
    }
}
