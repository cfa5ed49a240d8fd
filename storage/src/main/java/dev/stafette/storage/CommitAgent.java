// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.Segment;
import dev.stafette.storage.format.DiskSync;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches durable: writes the bodies, syncs the segment and, where the batch does not rest on that alone, the
 * journal; lets the sessions answer.
 * Thread: {@code commit}, which this class runs; {@link #tryHand} and {@link #pollFinished} are the queue agent's.
 *
 * <p>One batch at a time; the next gathers meanwhile, so that the batch is as large as the disk is slow. No timer. The
 * body is synced first: then a journal record that can be read has its body. A failed write or sync fails the batch and
 * is never repeated, since the kernel takes the pages for clean afterwards.
 */
final class CommitAgent implements AutoCloseable {
    /** Bodies are gathered into writes of this size. */
    private static final int GATHER_BYTES = 1 << 20;

    private static final long STOP_MS_MAX = 30_000;

    private final Runnable wakeAgent;
    private final DiskSync sync;
    private final ByteBuffer gather = ByteBuffer.allocateDirect(GATHER_BYTES);
    private final List<OwnerGroup> groups = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "commit");

    /** Written by the queue agent, taken by the commit thread. */
    private volatile @Nullable CommitBatch handed;

    /** Written by the commit thread, taken by the queue agent. */
    private volatile @Nullable CommitBatch finished;

    private volatile boolean parked;
    private volatile boolean closed;

    CommitAgent(Runnable wakeAgent, DiskSync sync) {
        this.wakeAgent = wakeAgent;
        this.sync = sync;
    }

    void start() {
        thread.start();
    }

    /** False while a batch is under way. */
    boolean isIdle() {
        return handed == null && finished == null;
    }

    /** The commit thread has it until {@link #pollFinished} returns it. */
    void hand(CommitBatch batch) {
        assert isIdle();
        handed = batch;
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    boolean hasFinished() {
        return finished != null;
    }

    @Nullable
    CommitBatch pollFinished() {
        CommitBatch batch = finished;
        if (batch != null) {
            finished = null;
        }
        return batch;
    }

    private void run() {
        while (true) {
            CommitBatch batch = handed;
            if (batch != null) {
                commit(batch);
                continue;
            }
            if (closed) {
                return;
            }
            parked = true;
            if (handed == null && !closed) {
                LockSupport.park(this);
            }
            parked = false;
        }
    }

    private void commit(CommitBatch batch) {
        long startNs = System.nanoTime();
        try {
            write(batch);
            force(batch);
        } catch (IOException | RuntimeException | InternalError e) {
            batch.failure = e instanceof Exception exception ? exception : new IOException(e);
        }
        batch.syncNs = System.nanoTime() - startNs;
        answer(batch);
        // In this order: idle means that both are empty.
        finished = batch;
        handed = null;
        wakeAgent.run();
    }

    private void write(CommitBatch batch) throws IOException {
        Segment segment = null;
        long start = 0;
        gather.clear();
        for (CommitBatch.Write write : batch.writes) {
            IncomingExtent extent = write.extent();
            int length = extent.lengthBytes();
            long at = write.place().offset();
            Segment target = write.place().segment();
            boolean follows =
                    segment == target && at - start >= gather.position() && at - start + length <= GATHER_BYTES;
            if (!follows) {
                flush(segment, start);
                segment = target;
                start = at;
            }
            if (length > GATHER_BYTES) {
                writeWhole(target, at, extent);
                start = at + length;
                continue;
            }
            // Between two extents lie up to seven bytes of alignment; what was in the buffer there does not matter.
            gather.position((int) (at - start));
            put(extent.prefix());
            put(extent.content());
        }
        flush(segment, start);
    }

    private void put(ByteBuf from) {
        gather.limit(gather.position() + from.readableBytes());
        from.getBytes(from.readerIndex(), gather);
        gather.limit(gather.capacity());
    }

    private void flush(@Nullable Segment segment, long start) throws IOException {
        gather.flip();
        if (segment != null && gather.hasRemaining()) {
            writeFully(segment.channel(), gather, start);
        }
        gather.clear();
    }

    private static void writeWhole(Segment segment, long at, IncomingExtent extent) throws IOException {
        long position = at;
        for (ByteBuf part : List.of(extent.prefix(), extent.content())) {
            for (ByteBuffer piece : part.nioBuffers()) {
                position += piece.remaining();
                writeFully(segment.channel(), piece, position - piece.remaining());
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    private void force(CommitBatch batch) throws IOException {
        Segment last = null;
        for (CommitBatch.Write write : batch.writes) {
            Segment segment = write.place().segment();
            if (segment != last) {
                sync.force(segment.channel());
                last = segment;
            }
        }
        if (batch.ended != null) {
            batch.ended.force(sync);
        }
        if (batch.journal != null) {
            batch.journal.force(sync);
        }
    }

    /** One task an owner, however many of its sessions wait. */
    private void answer(CommitBatch batch) {
        CommitResult result = batch.failure == null ? CommitResult.DURABLE : CommitResult.FAILED;
        groups.clear();
        for (CommitBatch.Waiting waiting : batch.messages) {
            group(waiting.message().listener()).listeners.add(waiting.message().listener());
        }
        for (CommitListener listener : batch.listeners) {
            group(listener).listeners.add(listener);
        }
        for (CommitBatch.Write write : batch.writes) {
            group(write.extent().listener()).written.add(write.extent());
        }
        for (OwnerGroup group : groups) {
            group.result = result;
            try {
                group.owner.execute(group);
            } catch (RejectedExecutionException ownerHasEnded) {
                // Its sessions are gone, and nobody was told anything; the messages are as durable as they are.
                group.release();
            }
        }
    }

    private OwnerGroup group(CommitListener listener) {
        Executor owner = listener.owner();
        for (OwnerGroup group : groups) {
            if (group.owner == owner) {
                return group;
            }
        }
        OwnerGroup group = new OwnerGroup(owner);
        groups.add(group);
        return group;
    }

    private static final class OwnerGroup implements Runnable {
        private final Executor owner;
        private final List<CommitListener> listeners = new ArrayList<>(32);
        private final List<IncomingExtent> written = new ArrayList<>(32);
        private CommitResult result = CommitResult.FAILED;

        OwnerGroup(Executor owner) {
            this.owner = owner;
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < listeners.size(); i++) {
                    listeners.get(i).onCommitted(result);
                }
            } finally {
                release();
            }
        }

        /** By the thread that allocated them, for which they are at hand again. */
        private void release() {
            for (int i = 0; i < written.size(); i++) {
                written.get(i).release();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
