// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next segment ready ahead of its use and watches the free space: both can take long, so both happen on a
 * thread of their own, named {@code reserve}.
 * Thread: its own; {@link #request}, {@link #take} and the space accessors are for any.
 */
final class SegmentReserver implements AutoCloseable {
    /** Where a segment is kept until it is taken, so that an unfinished one is known as such after a crash. */
    static final String SPARE = "spare-";

    private static final int FILL_BYTES = 1 << 20;
    private static final long FALLOCATE_SECONDS_MAX = 30;

    private static final long AWAIT_NS_MAX = 500_000_000L;
    private static final long AWAIT_STEP_NS = 100_000L;

    /** On a full disk, how long until the next try. */
    private static final long RETRY_NS = 1_000_000_000L;

    private final Path directory;
    private final int segmentBytes;
    private final long keepFreeBytes;
    private final Runnable onChanged;
    private final Thread thread = new Thread(this::run, "reserve");

    /** Each written by this thread, read by any. */
    private volatile @Nullable Path ready;

    private volatile boolean failed;
    private volatile long usableBytes;

    /** Written by any, read by this thread. */
    private volatile boolean requested = true;

    private volatile boolean closed;

    // Owned by this thread.
    private int spareNumber;

    SegmentReserver(Path directory, int segmentBytes, long keepFreeBytes, Runnable onChanged) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.keepFreeBytes = keepFreeBytes;
        this.onChanged = onChanged;
    }

    void start() throws IOException {
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
        boolean before = isShort();
        try {
            measure();
            if (ready == null) {
                reserve();
            }
        } catch (IOException e) {
            usableBytes = 0;
        }
        if (failed) {
            LockSupport.parkNanos(this, RETRY_NS);
        }
        if (before != isShort() || ready != null) {
            onChanged.run();
        }
    }

    private void measure() throws IOException {
        usableBytes = Files.getFileStore(directory).getUsableSpace();
    }

    private void reserve() {
        Path spare = directory.resolve(SPARE + spareNumber++);
        try {
            Files.createFile(spare);
            if (usableBytes < segmentBytes + keepFreeBytes || !(fallocate(spare) || fill(spare))) {
                Files.deleteIfExists(spare);
                failed = true;
                return;
            }
            measure();
            failed = false;
            ready = spare;
        } catch (IOException e) {
            failed = true;
        }
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

    /** Looks at the free space again, and reserves a segment if none is ready. */
    void request() {
        if (!requested) {
            requested = true;
            LockSupport.unpark(thread);
        }
    }

    /** A reserved file to be renamed; null when none is ready. */
    @Nullable
    Path take() {
        Path taken = ready;
        if (taken != null) {
            ready = null;
        }
        return taken;
    }

    /**
     * Waits for the reservation that is under way, a moment only; false when there is none in time. Small segments follow
     * each other so fast that mail would be refused else, while there is room.
     */
    boolean awaitReady() {
        long until = System.nanoTime() + AWAIT_NS_MAX;
        while (ready == null && !isShort() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(AWAIT_STEP_NS);
        }
        return ready != null;
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
    }
}
