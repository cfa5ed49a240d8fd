// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.storage;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.DurableListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.StorageSettings;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives a spool as the queue agent does, without sessions: messages come, become durable, and are delivered at once.
 * Thread: the one that calls it.
 */
final class SpoolLoad implements DurableListener, RecoveryListener, CheckpointSource, AutoCloseable {
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PREFIX_BYTES = 512;
    private static final int CHECKPOINT_LIMIT = 8;

    private final Path directory;
    private final Thread agent = Thread.currentThread();
    private final Spool spool;
    private final ByteBuf content;
    private final Envelope envelope = Envelope.of(
            MailAddress.of("bounce", "src.test"),
            List.of(new EnvelopeRecipient(MailAddress.of("u12345", "d7.dest.test"))));
    private final List<Delivered> delivered = new ArrayList<>();
    private final Session session = new Session();
    private volatile @Nullable Thread waiter = agent;
    private long lastQueueId;
    private int answeredCount;
    private long syncCount;

    private record Delivered(long queueId, BodyRef body) {}

    private SpoolLoad(Path directory, int contentBytes) {
        this.directory = directory;
        this.content = PooledByteBufAllocator.DEFAULT.directBuffer(contentBytes).writeZero(contentBytes);
        this.spool = Spool.open(StorageSettings.of(directory), this, this::wake);
        this.lastQueueId = spool.greatestQueueId();
    }

    static SpoolLoad open(int contentBytes) throws IOException {
        return new SpoolLoad(Files.createTempDirectory("bench-spool-"), contentBytes);
    }

    private void wake() {
        LockSupport.unpark(waiter);
    }

    long syncCount() {
        return syncCount;
    }

    /** Returns when that many more messages are durable. */
    void acceptAndWait(int count) {
        waiter = Thread.currentThread();
        for (Delivered message : delivered) {
            spool.delivered(message.queueId(), 0);
            spool.removed(message.queueId(), message.body());
        }
        delivered.clear();
        answeredCount = 0;
        for (int i = 0; i < count; i++) {
            accept();
        }
        while (answeredCount < count) {
            if (spool.poll(this, System.nanoTime()) == 0) {
                LockSupport.parkNanos(WAIT_NS);
            }
        }
        spool.tidy(this, CHECKPOINT_LIMIT);
    }

    private void accept() {
        long queueId = ++lastQueueId;
        ByteBuf prefix = PooledByteBufAllocator.DEFAULT.directBuffer(PREFIX_BYTES);
        int headerBytes = ExtentFormat.begin(prefix, queueId, 0, envelope, queueId);
        ByteBuf own = content.retainedDuplicate();
        ExtentFormat.finish(prefix, own, headerBytes, ExtentFormat.LAST);
        if (!spool.tryWrite(new IncomingExtent(queueId, 0, prefix, own, headerBytes, true, session))) {
            throw new IllegalStateException("no room in " + directory);
        }
        spool.accept(new IncomingMessage(queueId, queueId, queueId, envelope, 0, session));
    }

    @Override
    public void onAccepted(IncomingMessage message, BodyRef body, CommitResult result) {
        if (result != CommitResult.DURABLE) {
            throw new IllegalStateException("not durable: " + result);
        }
        answeredCount++;
        delivered.add(new Delivered(message.queueId(), body));
    }

    @Override
    public void onBatch(int count, long durationNs) {
        syncCount += count;
    }

    /** Nobody to tell, but what runs there releases the buffers. */
    private static final class Session implements CommitListener {
        private final Executor here = Runnable::run;

        @Override
        public Executor owner() {
            return here;
        }

        @Override
        public void onCommitted(CommitResult result) {}
    }

    @Override
    public @Nullable LiveMessage current(long queueId) {
        return null;
    }

    @Override
    public boolean isMovable(long queueId) {
        return false;
    }

    @Override
    public void onMessage(long queueId, long arrivalMs, Envelope stored, LiveMessage message) {}

    @Override
    public void onState(long queueId, int recipientIndex, RecipientState state) {}

    @Override
    public void onHeld(long queueId, boolean held) {}

    @Override
    public void onExpiring(long queueId) {}

    @Override
    public void onWarned(long queueId) {}

    @Override
    public void onTakenOver(long queueId, TakenOver takenOver) {}

    @Override
    public void onMoved(long queueId, BodyRef body) {}

    @Override
    public void onRemoved(long queueId) {}

    @Override
    public @Nullable BodyRef bodyOf(long queueId) {
        return null;
    }

    @Override
    public void forEachLive(Consumer<BodyRef> live) {}

    @Override
    public void onQuarantined(Path where, String why) {}

    @Override
    public void close() throws IOException {
        while (!spool.isSettled()) {
            if (spool.poll(this, System.nanoTime()) == 0) {
                LockSupport.parkNanos(WAIT_NS / 100);
            }
        }
        spool.close();
        content.release();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
