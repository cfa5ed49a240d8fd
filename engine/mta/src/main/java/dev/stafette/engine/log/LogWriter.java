// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines in blocks.
 * Thread: log, which it is; {@link #wake}, {@link #wakeIfParked}, {@link #changeOutput} and {@link #close} any.
 *
 * <p>While lines come it naps between blocks, so that nobody has to wake it and blocks are large; when none have come for
 * some naps it parks and says so, and then costs nothing until the next line wakes it.
 */
final class LogWriter implements AutoCloseable {
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final int READ_LIMIT = 1024;
    private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int NAPS_BEFORE_PARK = 10;
    private static final long ROTATION_CHECK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_WAIT_MS = 5_000;

    private final ManyToOneRingBuffer ring;
    private final LogPipe pipe;
    private final byte[] ownHead;
    private final Thread thread = new Thread(this::run, "log");
    private final MessageHandler onLine = this::onLine;

    // Owned by the log thread.
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private LogOutput output;
    private int blockLineCount;
    private long unwrittenCount;
    private long rotationCheckedNs;

    /** Written by the log thread, read by those that log. */
    private volatile boolean isParked;

    /** Written by whoever closes, read by the log thread. */
    private volatile boolean isClosing;

    /** Written by whoever reloads, taken by the log thread. */
    private volatile @Nullable LogSettings changed;

    LogWriter(ManyToOneRingBuffer ring, LogOutput output, LogPipe pipe, byte[] ownHead) {
        this.ring = ring;
        this.output = output;
        this.pipe = pipe;
        this.ownHead = ownHead;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void wakeIfParked() {
        if (isParked) {
            wake();
        }
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    void changeOutput(LogSettings settings) {
        changed = settings;
        wake();
    }

    @Override
    public void close() {
        isClosing = true;
        wake();
        try {
            thread.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        rotationCheckedNs = System.nanoTime();
        int idleCount = 0;
        while (!isClosing) {
            idleCount = writeGathered() ? 0 : idleCount + 1;
            if (idleCount < NAPS_BEFORE_PARK) {
                LockSupport.parkNanos(this, NAP_NS);
            } else {
                parkUntilWoken();
            }
        }
        writeGathered();
        output.close();
    }

    private void parkUntilWoken() {
        isParked = true;
        // The claim of a line is a full fence on its side, so one of the two sees the other.
        if (ring.producerPosition() == ring.consumerPosition() && !isClosing && changed == null) {
            LockSupport.park(this);
        }
        isParked = false;
    }

    /** Returns whether there was anything. */
    private boolean writeGathered() {
        LogSettings wanted = changed;
        if (wanted != null) {
            changed = null;
            switchTo(wanted);
        }
        boolean isAny = false;
        while (ring.read(onLine, READ_LIMIT) > 0) {
            isAny = true;
        }
        reportLost(pipe.endOverflow());
        flush();
        return isAny;
    }

    private void switchTo(LogSettings wanted) {
        try {
            LogOutput opened = LogOutput.open(wanted);
            output.close();
            output = opened;
        } catch (IOException e) {
            put("warning: cannot open the new log file, this one goes on: " + e);
        }
    }

    private void reportLost(long lostCount) {
        long count = lostCount + unwrittenCount;
        if (count > 0) {
            unwrittenCount = 0;
            put("warning: lines of the log lost here: " + count + " (they came faster than they can be written)");
        }
    }

    private void put(String text) {
        LogLine line = pipe.begin().put(ownHead).put(text).end();
        onLine(0, line.buffer(), 0, line.length());
    }

    private void onLine(int type, DirectBuffer buffer, int offset, int length) {
        if (block.remaining() < length) {
            flush();
        }
        buffer.getBytes(offset, block, length);
        blockLineCount++;
    }

    private void flush() {
        if (blockLineCount == 0) {
            return;
        }
        long nowNs = System.nanoTime();
        if (nowNs - rotationCheckedNs >= ROTATION_CHECK_NS) {
            rotationCheckedNs = nowNs;
            output.followRotation();
        }
        try {
            unwrittenCount += output.write(block.flip());
        } catch (IOException e) {
            // Where the file cannot be written, the count is all that can be kept.
            unwrittenCount += blockLineCount;
        }
        block.clear();
        blockLineCount = 0;
    }
}
