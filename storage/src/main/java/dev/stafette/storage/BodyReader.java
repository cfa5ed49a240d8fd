// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.EnvelopeFormat;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads bodies out of their segments. Thread: any; all but {@link #open} may wait for the disk. */
final class BodyReader {
    private static final int READ_BYTES = 256 << 10;

    private final Segments segments;

    /** Where segments are found. */
    interface Segments {
        /** Null for an id that is not there. */
        @Nullable
        Segment find(int id);
    }

    BodyReader(Segments segments) {
        this.segments = segments;
    }

    BodySlice open(BodyRef body) {
        Segment[] pinned = new Segment[body.extentCount()];
        for (int i = 0; i < pinned.length; i++) {
            Segment segment = segments.find(body.segment(i));
            if (segment == null) {
                for (int j = 0; j < i; j++) {
                    pinned[j].unpin();
                }
                throw new StorageException(String.format("body segment %08x: missing", body.segment(i)));
            }
            segment.pin();
            pinned[i] = segment;
        }
        return new Slice(body, pinned);
    }

    private static final class Slice implements BodySlice {
        private final BodyRef body;
        private final Segment[] pinned;

        Slice(BodyRef body, Segment[] pinned) {
            this.body = body;
            this.pinned = pinned;
        }

        @Override
        public int partCount() {
            return pinned.length;
        }

        @Override
        public FileChannel channel(int part) {
            return pinned[part].channel();
        }

        @Override
        public long position(int part) {
            return (long) body.offset(part) + body.headerBytes(part);
        }

        @Override
        public int lengthBytes(int part) {
            return body.contentBytes(part);
        }

        @Override
        public void close() {
            for (Segment segment : pinned) {
                segment.unpin();
            }
        }
    }

    boolean isWhole(long queueId, BodyRef body) {
        try {
            readVerified(queueId, body);
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    StoredBody readVerified(long queueId, BodyRef body) {
        StoredBody first = readEnvelope(queueId, body);
        try (BodySlice slice = open(body)) {
            for (int i = 0; i < body.extentCount(); i++) {
                verify(queueId, body, i, slice.channel(i));
            }
        }
        return first;
    }

    private static void verify(long queueId, BodyRef body, int extent, FileChannel channel) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(READ_BYTES, READ_BYTES);
        try {
            long at = body.offset(extent);
            fill(channel, at, ExtentFormat.HEADER_BYTES, buffer);
            ExtentFormat.checkHeader(buffer, queueId, extent, body.headerBytes(extent), body.contentBytes(extent));
            int expected = ExtentFormat.storedCrc(buffer);
            CRC32C crc = new CRC32C();
            long end = at + body.headerBytes(extent) + body.contentBytes(extent);
            for (long from = at + ExtentFormat.HEADER_BYTES; from < end; from += READ_BYTES) {
                fill(channel, from, (int) Math.min(READ_BYTES, end - from), buffer);
                crc.update(buffer.nioBuffer());
            }
            if ((int) crc.getValue() != expected) {
                throw new StorageException("extent " + extent + ": checksum does not fit");
            }
        } finally {
            buffer.release();
        }
    }

    private static void fill(FileChannel channel, long at, int length, ByteBuf into) {
        into.clear();
        ByteBuffer target = into.internalNioBuffer(0, length);
        try {
            long position = at;
            while (target.hasRemaining()) {
                int read = channel.read(target, position);
                if (read < 0) {
                    throw new StorageException(
                            "segment ends at " + position + " (expected: " + (at + length) + " bytes)");
                }
                position += read;
            }
        } catch (IOException e) {
            throw new StorageException("segment cannot be read at " + at + ": " + e.getMessage(), e);
        }
        into.writerIndex(length);
    }

    StoredBody readEnvelope(long queueId, BodyRef body) {
        int headerBytes = body.headerBytes(0);
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(headerBytes, headerBytes);
        try (BodySlice slice = open(body)) {
            fill(slice.channel(0), body.offset(0), headerBytes, buffer);
            ExtentFormat.checkHeader(buffer, queueId, 0, headerBytes, body.contentBytes(0));
            long arrivalMs = ExtentFormat.arrivalMs(buffer);
            buffer.skipBytes(ExtentFormat.HEADER_BYTES);
            return new StoredBody(queueId, arrivalMs, EnvelopeFormat.decode(buffer));
        } finally {
            buffer.release();
        }
    }

    /** As much as can be read, envelope and header included. */
    Path copyTo(Path directory, long queueId, BodyRef body) {
        Path target = directory.resolve(QueueId.format(queueId));
        try {
            Files.createDirectories(directory);
            try (FileChannel out = FileChannel.open(
                    target,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                for (int i = 0; i < body.extentCount(); i++) {
                    Segment segment = segments.find(body.segment(i));
                    if (segment != null) {
                        segment.channel().transferTo(body.offset(i), body.headerBytes(i) + body.contentBytes(i), out);
                    }
                }
                out.force(true);
            }
            return target;
        } catch (IOException e) {
            throw new StorageException(target + ": a damaged message could not be kept: " + e.getMessage(), e);
        }
    }
}
