// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next segment ready ahead of its use, name and all, puts away those that are empty, and watches the free space:
 * all of it can take long, so it happens on a thread of its own, named {@code reserve}.
 * Thread: its own; {@link #request}, {@link #take}, {@link #retire} and the space accessors are for any.
 *
 * <p>A segment that was made ready and not used is empty at the next start, as any that nothing is alive in.
 */
final class SegmentReserver implements AutoCloseable {
    /** Where a segment is until it is whole, so that an unfinished one is known as such after a crash. */
    static final String SPARE = "spare-";

    /** Where an empty one is kept: writing into blocks that were written before costs a sync no metadata. */
    static final String POOLED = "pool-";

    /** Empty segments kept for reuse; more are deleted. */
    private static final int POOL_MAX = 2;

    private static final int FILL_BYTES = 1 << 20;
    private static final long FALLOCATE_SECONDS_MAX = 30;

    /** On a full disk, how long until the next try. */
    private static final long RETRY_NS = 1_000_000_000L;

    private final Path directory;
    private final int segmentBytes;
    private final long keepFreeBytes;
    private final DiskSync sync;
    private final Runnable onChanged;
    private final Thread thread = new Thread(this::run, "reserve");

    /** Written by the store's owner, read by this thread. */
    private final ConcurrentLinkedQueue<Segment> retired = new ConcurrentLinkedQueue<>();

    /** Each written by this thread, read by any. */
    private volatile @Nullable Segment ready;

    private volatile boolean failed;
    private volatile long usableBytes;
    private volatile @Nullable StorageException broken;

    /** Written by any, read by this thread. */
    private volatile boolean requested = true;

    private volatile boolean closed;

    // Owned by this thread.
    private final ArrayDeque<Path> pool = new ArrayDeque<>();
    private int nextId = 1;
    private int spareNumber;

    SegmentReserver(Path directory, int segmentBytes, long keepFreeBytes, DiskSync sync, Runnable onChanged) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.keepFreeBytes = keepFreeBytes;
        this.sync = sync;
        this.onChanged = onChanged;
    }

    /** @param firstId above all that were ever used */
    void start(int firstId) throws IOException {
        nextId = firstId;
        measure();
        reserve();
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            if (requested) {
                requested = false;
                work();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void work() {
        boolean wasShort = isShort();
        // Not what is ready before and after: the owner may take one segment while the next is made.
        boolean made = false;
        try {
            putAway();
            measure();
            if (isShort()) {
                dropPool();
            }
            made = ready == null && reserve();
        } catch (IOException e) {
            usableBytes = 0;
        } catch (StorageException e) {
            broken = e;
        }
        if (wasShort != isShort() || made || broken != null) {
            onChanged.run();
        }
        if (failed && retired.isEmpty()) {
            LockSupport.parkNanos(this, RETRY_NS);
        }
    }

    private void measure() throws IOException {
        usableBytes = Files.getFileStore(directory).getUsableSpace();
    }

    /** False when it could not. */
    private boolean reserve() {
        try {
            Path file = pool.poll();
            if (file == null) {
                file = makeSpare();
            }
            if (file == null) {
                failed = true;
                return false;
            }
            int id = nextId++;
            Path target = SegmentStore.file(directory, id);
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            sync.directory(directory);
            Segment segment = new Segment(id, target);
            measure();
            failed = false;
            ready = segment;
            return true;
        } catch (IOException e) {
            failed = true;
            return false;
        }
    }

    /** Null when there is no room. */
    private @Nullable Path makeSpare() throws IOException {
        Path spare = directory.resolve(SPARE + spareNumber++);
        Files.createFile(spare);
        if (usableBytes < segmentBytes + keepFreeBytes || !(fallocate(spare) || fill(spare))) {
            Files.deleteIfExists(spare);
            return null;
        }
        return spare;
    }

    /** The command of util-linux: Java has no call for it, and writing 128 MB would compete with the mail. */
    private boolean fallocate(Path file) {
        try {
            Process process = new ProcessBuilder("fallocate", "-l", Integer.toString(segmentBytes), file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(FALLOCATE_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean fill(Path file) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long at = 0; at < segmentBytes; ) {
                zeros.clear().limit((int) Math.min(FILL_BYTES, segmentBytes - at));
                at += channel.write(zeros, at);
            }
            channel.force(true);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    private void putAway() {
        for (Segment segment = retired.poll(); segment != null; segment = retired.poll()) {
            try {
                boolean reusable = pool.size() < POOL_MAX && segment.sizeBytes() == segmentBytes && !isShort();
                segment.close();
                if (reusable) {
                    Path pooled = directory.resolve(POOLED + spareNumber++);
                    Files.move(segment.file(), pooled, StandardCopyOption.ATOMIC_MOVE);
                    pool.add(pooled);
                } else {
                    Files.delete(segment.file());
                }
            } catch (IOException e) {
                throw new StorageException(segment.file() + ": not recycled: " + e.getMessage(), e);
            }
        }
    }

    /** Kept for the next use, they would count as taken when space is short. */
    private void dropPool() throws IOException {
        if (pool.isEmpty()) {
            return;
        }
        for (Path file = pool.poll(); file != null; file = pool.poll()) {
            Files.delete(file);
        }
        measure();
    }

    /** Looks at the free space again, and reserves a segment if none is ready. */
    void request() {
        if (!requested) {
            requested = true;
            LockSupport.unpark(thread);
        }
    }

    /** The next segment; null when it is not ready. */
    @Nullable
    Segment take() {
        Segment taken = ready;
        if (taken != null) {
            ready = null;
            request();
        }
        return taken;
    }

    /** Nothing is alive in it, and nobody reads it: it may be used again under another name. */
    void retire(Segment segment) {
        retired.add(segment);
        request();
    }

    /** Throws what this thread could not cope with. */
    void checkBroken() {
        StorageException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    /** What is free as far as is known, with what is reserved already. */
    long freeBytes() {
        return usableBytes + (ready == null ? 0 : segmentBytes);
    }

    /** The same without what must be kept. */
    long roomBytes() {
        return freeBytes() - keepFreeBytes;
    }

    boolean isReady() {
        return ready != null;
    }

    /** No segment could be reserved, or too little space is free beside it. */
    boolean isShort() {
        return failed || usableBytes < keepFreeBytes;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(FALLOCATE_SECONDS_MAX));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Segment unused = ready;
        try {
            if (unused != null) {
                unused.close();
                Files.deleteIfExists(unused.file());
            }
            for (Segment segment : retired) {
                segment.close();
            }
        } catch (IOException e) {
            throw new StorageException(directory + ": not closed: " + e.getMessage(), e);
        }
    }
}
