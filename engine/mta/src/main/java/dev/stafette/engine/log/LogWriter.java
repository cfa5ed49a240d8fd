// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines in blocks.
 * Thread: log, which it is; {@link #wake}, {@link #wakeIfParked}, {@link #changeOutput} and {@link #close} any.
 */
final class LogWriter implements WriterThread.Writing, AutoCloseable {
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final int READ_LIMIT = 1024;
    private static final long ROTATION_CHECK_NS = TimeUnit.SECONDS.toNanos(1);

    private final ManyToOneRingBuffer ring;
    private final LogPipe pipe;
    private final byte[] ownHead;
    private final WriterThread thread = new WriterThread("log", this);
    private final MessageHandler onRead = this::onRead;

    // Owned by the log thread.
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private LogOutput output;
    private int blockLineCount;
    private long unwrittenCount;
    private long rotationCheckedNs = System.nanoTime();

    /** Written by whoever reloads, taken by the log thread. */
    private final AtomicReference<@Nullable LogSettings> changed = new AtomicReference<>();

    LogWriter(ManyToOneRingBuffer ring, LogOutput output, LogPipe pipe, byte[] ownHead) {
        this.ring = ring;
        this.output = output;
        this.pipe = pipe;
        this.ownHead = ownHead;
    }

    void start() {
        thread.start();
    }

    void wakeIfParked() {
        thread.wakeIfParked();
    }

    void wake() {
        thread.wake();
    }

    void changeOutput(LogSettings settings) {
        changed.set(settings);
        thread.wake();
    }

    @Override
    public void close() {
        thread.close();
    }

    @Override
    public boolean isIdle() {
        return ring.producerPosition() == ring.consumerPosition() && changed.get() == null;
    }

    @Override
    public long restNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void end() {
        output.close();
    }

    @Override
    public boolean writeGathered() {
        followChange();
        boolean isAny = false;
        while (ring.read(onRead, READ_LIMIT) > 0) {
            isAny = true;
        }
        reportLost(pipe.endOverflow());
        flush();
        return isAny;
    }

    /** Before each line: whoever has reloaded finds what he logs from then on where the reload says. */
    private void onRead(int type, DirectBuffer buffer, int offset, int length) {
        followChange();
        add(buffer, offset, length);
    }

    private void followChange() {
        LogSettings wanted = changed.get() == null ? null : changed.getAndSet(null);
        if (wanted != null) {
            flush();
            switchTo(wanted);
        }
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
        add(line.buffer(), 0, line.length());
    }

    private void add(DirectBuffer buffer, int offset, int length) {
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
