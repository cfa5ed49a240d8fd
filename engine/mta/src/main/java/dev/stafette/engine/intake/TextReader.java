// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.BodySlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what follows the header of a message that is complete, for a step: first what has left for the disk, from there, and then
 * what is still in memory.
 * Thread: event loop of the message; a worker waits for the disk.
 *
 * <pre>
 * next → a piece, next → a piece, … next → null
 * </pre>
 */
public final class TextReader implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final MessageDraft message;
    private final ContentChunks chunks;
    private final Executor workers;
    private final int chunkCount;

    // Owned by the loop.
    private @Nullable ByteBuf tail;
    private @Nullable BodySlice stored;
    private int part;
    private int at;
    private boolean isClosed;

    /** Hears what is read, at once or later on the loop; nothing, when the message has gone meanwhile. */
    public interface Listener {
        /** In the stored wire form, borrowed; null: there is no more. */
        void onPiece(@Nullable ByteBuf piece);

        void onUnreadable(String why);
    }

    /** {@code tail}: what has not left, borrowed. */
    TextReader(MessageDraft message, ContentChunks chunks, @Nullable ByteBuf tail, Executor workers) {
        this.message = message;
        this.chunks = chunks;
        this.workers = workers;
        this.chunkCount = chunks.count();
        this.tail = tail == null ? null : tail.retainedSlice();
    }

    public void next(Listener listener) {
        if (part == chunkCount) {
            readTail(listener);
        } else if (stored == null) {
            chunks.whenWritten(() -> open(listener));
        } else {
            read(stored, listener);
        }
    }

    private void readTail(Listener listener) {
        ByteBuf last = tail;
        tail = null;
        try {
            listener.onPiece(last);
        } finally {
            if (last != null) {
                last.release();
            }
        }
    }

    private void open(Listener listener) {
        boolean isAsked = message.queue()
                .offerReading(
                        message.arrival().queueId(),
                        slice -> message.execute(() -> onOpened(slice, listener), () -> close(slice)));
        if (!isAsked) {
            listener.onUnreadable("the queue is busy");
        }
    }

    private static void close(@Nullable BodySlice slice) {
        if (slice != null) {
            slice.close();
        }
    }

    private void onOpened(@Nullable BodySlice slice, Listener listener) {
        if (isClosed || message.isClosed() || slice == null) {
            close(slice);
            if (slice == null && !message.isClosed()) {
                listener.onUnreadable("its content is not in the queue");
            }
            return;
        }
        stored = slice;
        read(slice, listener);
    }

    private void read(BodySlice from, Listener listener) {
        int length = Math.min(PIECE_BYTES, from.lengthBytes(part) - at);
        int now = part;
        long position = from.position(part) + at;
        at += length;
        if (at == from.lengthBytes(part)) {
            part++;
            at = 0;
        }
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        try {
            workers.execute(() -> {
                String failure = read(from, now, position, piece, length);
                message.execute(() -> onRead(piece, failure, listener), piece::release);
            });
        } catch (RejectedExecutionException e) {
            piece.release();
            listener.onUnreadable("no thread to read it");
        }
    }

    /** Thread: worker. Null, or why it is not there. */
    private static @Nullable String read(BodySlice from, int part, long position, ByteBuf piece, int length) {
        ByteBuffer target = piece.internalNioBuffer(0, length);
        try {
            long next = position;
            while (target.hasRemaining()) {
                int count = from.channel(part).read(target, next);
                if (count < 0) {
                    return "a segment is too short";
                }
                next += count;
            }
            piece.writerIndex(length);
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void onRead(ByteBuf piece, @Nullable String failure, Listener listener) {
        try {
            if (isClosed || message.isClosed()) {
                close();
            } else if (failure != null) {
                listener.onUnreadable(failure);
            } else {
                listener.onPiece(piece);
            }
        } finally {
            piece.release();
        }
    }

    /** Any number of times. */
    @Override
    public void close() {
        isClosed = true;
        ByteBuf last = tail;
        tail = null;
        if (last != null) {
            last.release();
        }
        BodySlice slice = stored;
        stored = null;
        close(slice);
    }
}
