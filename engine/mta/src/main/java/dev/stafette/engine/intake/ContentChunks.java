// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.CommitListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The content of one message while it comes: what is in memory, and what has left for the disk as chunks, extents 1, 2, ….
 * Thread: event loop.
 *
 * <p>It counts what it has in the loop's {@link BodyMemory}: by capacity, and until the disk has it.
 */
final class ContentChunks {
    private static final int UNDER_WAY_MAX = 2;

    /** Room for a few stuffed dots and the end. */
    private static final int SLACK_BYTES = 64;

    private static final long RETRY_MS = 100;

    private final IntakeLoop loop;
    private final Arrival arrival;
    private final CommitListener listener;

    // Owned by the loop.
    private @Nullable ByteBuf content;
    private int capacity;
    /** Follows what is in memory, once that has been sent. */
    private @Nullable ByteBuf rest;

    private int count;
    /** The capacities of the chunks that are under way, oldest first; null before the first. */
    private @Nullable ArrayDeque<Integer> underWay;
    /** Who waits until the disk has them all. */
    private @Nullable Runnable onWritten;

    /** {@code listener}: of the message, which hears of its chunks, too. */
    ContentChunks(IntakeLoop loop, Arrival arrival, CommitListener listener) {
        this.loop = loop;
        this.arrival = arrival;
        this.listener = listener;
    }

    /** Where content goes that is made of so many bytes of input. Borrowed. */
    ByteBuf room(int inputBytes) {
        ByteBuf buf = content;
        if (buf == null) {
            buf = loop.allocator().directBuffer(inputBytes + SLACK_BYTES);
            content = buf;
        } else {
            buf.ensureWritable(inputBytes + SLACK_BYTES);
        }
        return buf;
    }

    /** What has not left yet, borrowed; null: nothing. */
    @Nullable
    ByteBuf inMemory() {
        return content;
    }

    /** The same at the end of the message, of which there may be nothing. */
    ByteBuf atEnd() {
        ByteBuf buf = content;
        if (buf == null) {
            buf = loop.allocator().directBuffer(0);
            content = buf;
        }
        count(buf);
        return buf;
    }

    /** What is in memory is {@code changed} from now on, which is taken. Returns it. */
    ByteBuf replace(ByteBuf buf, ByteBuf changed) {
        buf.release();
        content = changed;
        count(changed);
        return changed;
    }

    /** Keeps what follows the length for later. Returns what can be sent: the bytes before that, or what stands in their place. */
    ByteBuf part(ByteBuf buf, int length, @Nullable ByteBuf changed) {
        int restBytes = buf.readableBytes() - length;
        if (restBytes > 0) {
            rest = loop.allocator()
                    .directBuffer(restBytes + SLACK_BYTES)
                    .writeBytes(buf, buf.readerIndex() + length, restBytes);
            buf.writerIndex(buf.readerIndex() + length);
        }
        return changed == null ? buf : replace(buf, changed);
    }

    private void takeRest() {
        ByteBuf buf = rest;
        rest = null;
        if (buf != null) {
            content = buf;
            count(buf);
        }
    }

    /** It has been written to, and may have grown. */
    void count(ByteBuf buf) {
        int now = buf.capacity();
        if (now != capacity) {
            loop.memory().onResized(now - capacity);
            capacity = now;
        }
    }

    boolean isUnderWay() {
        return underWay != null && !underWay.isEmpty();
    }

    /** Those that have left. */
    int count() {
        return count;
    }

    /** Runs it when none is under way, maybe at once. */
    void whenWritten(Runnable task) {
        if (isUnderWay()) {
            onWritten = task;
        } else {
            task.run();
        }
    }

    /** As many chunks are under way as may be. */
    boolean isFull() {
        return underWay != null && underWay.size() >= UNDER_WAY_MAX;
    }

    /** Sends what is in memory as a chunk, or drops it when it is nothing. False: there is no room for it in the queue. */
    boolean trySend(ByteBuf buf, int flags) {
        if (!buf.isReadable()) {
            drop(buf);
            takeRest();
            return true;
        }
        IncomingExtent chunk = last(buf, flags, false);
        if (!loop.queue().offerChunk(chunk)) {
            chunk.prefix().release();
            return false;
        }
        count++;
        content = null;
        if (underWay == null) {
            underWay = new ArrayDeque<>(UNDER_WAY_MAX + 1);
        }
        underWay.add(capacity);
        loop.memory().onSent(capacity);
        capacity = 0;
        takeRest();
        return true;
    }

    /** The next extent of content, which takes {@code buf} when it is sent; {@code withMessage}: and is the last. */
    IncomingExtent last(ByteBuf buf, int flags, boolean withMessage) {
        ByteBuf prefix = loop.allocator().directBuffer(ExtentFormat.HEADER_BYTES);
        return arrival.extent(count + 1, prefix, buf, flags, withMessage, listener);
    }

    /** What was in memory is on its way with the message. */
    void onSentWithMessage() {
        content = null;
        loop.memory().onSent(capacity);
    }

    /** The disk has the message, or it has failed. */
    void onMessageWritten() {
        loop.memory().onWritten(capacity);
        capacity = 0;
    }

    /** The same of the oldest chunk under way. */
    void onChunkWritten() {
        if (underWay != null && !underWay.isEmpty()) {
            loop.memory().onWritten(underWay.remove());
        }
        Runnable waiting = onWritten;
        if (waiting != null && !isUnderWay()) {
            onWritten = null;
            waiting.run();
        }
    }

    /**
     * Other content takes the place of all that has come; it is taken, and so is what follows it. False: what has left cannot be
     * given up now.
     */
    boolean tryReplace(ByteBuf other) {
        if (count > 0 && !loop.queue().offerAbandoned(arrival.queueId())) {
            other.release();
            return false;
        }
        count = 0;
        ByteBuf before = content;
        if (before != null) {
            drop(before);
        }
        content = other;
        count(other);
        return true;
    }

    /** The message does not come in: what is in memory is dropped, and what has left is given up. */
    void abandon() {
        ByteBuf buf = content;
        if (buf != null) {
            drop(buf);
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
        if (count > 0) {
            count = 0;
            offerAbandoned();
        }
    }

    private void drop(ByteBuf buf) {
        content = null;
        buf.release();
        loop.memory().giveBack(capacity);
        capacity = 0;
    }

    /** It must arrive, or the place of the chunks would be lost until the next start. */
    private void offerAbandoned() {
        if (!loop.queue().offerAbandoned(arrival.queueId())) {
            loop.owner().schedule(this::offerAbandoned, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }
}
