// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Carries lines from the threads that log to the one that writes.
 * Thread: any, except where a method says otherwise.
 *
 * <p>A full ring makes the thread that finds it so wait {@link #FULL_WAIT_NS}, once; then lines are dropped and counted
 * until the writer has emptied the ring: a disk that hangs must not hang the mail with it.
 */
final class LogPipe implements AutoCloseable {
    /** 130 ms at 30,000 messages a second of five lines each, 200 bytes a line; the writer looks every 10 ms. */
    static final int RING_BYTES = 4 * 1024 * 1024;

    private static final long FULL_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FULL_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int LINE_TYPE = 1;
    /** What Postfix calls the program that writes its log file. */
    private static final String WRITER_PROGRAM = "postlogd";

    private final ManyToOneRingBuffer ring;
    private final LongSupplier epochMs;
    private final ThreadLocal<LogLine> lines;
    private final LogWriter writer;
    private final LongAdder lost = new LongAdder();

    /** Written by whoever finds the ring full and by the writer when it has emptied it; read by all who find it full. */
    private volatile boolean isOverflowing;

    private LogPipe(LogOutput output, int ringBytes, LogSettings settings, LongSupplier epochMs) {
        this.ring = new ManyToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(ringBytes + RingBufferDescriptor.TRAILER_LENGTH)));
        this.epochMs = epochMs;
        this.lines = ThreadLocal.withInitial(() -> new LogLine(settings.zone()));
        this.writer = new LogWriter(ring, output, this, settings.head(WRITER_PROGRAM));
    }

    static LogPipe open(LogSettings settings, LongSupplier epochMs) throws IOException {
        return open(LogOutput.open(settings), RING_BYTES, settings, epochMs);
    }

    static LogPipe open(LogOutput output, int ringBytes, LogSettings settings, LongSupplier epochMs) {
        LogPipe pipe = new LogPipe(output, ringBytes, settings, epochMs);
        pipe.writer.start();
        return pipe;
    }

    /** The calling thread's line, begun with the time. */
    LogLine begin() {
        return lines.get().begin(epochMs.getAsLong());
    }

    void offer(LogLine line) {
        if (ring.write(LINE_TYPE, line.buffer(), 0, line.length())) {
            writer.wakeIfParked();
        } else if (!offerToFullRing(line)) {
            lost.increment();
        }
    }

    private boolean offerToFullRing(LogLine line) {
        if (isOverflowing) {
            return false;
        }
        long deadlineNs = System.nanoTime() + FULL_WAIT_NS;
        do {
            writer.wake();
            LockSupport.parkNanos(this, FULL_PAUSE_NS);
            if (ring.write(LINE_TYPE, line.buffer(), 0, line.length())) {
                return true;
            }
        } while (System.nanoTime() < deadlineNs);
        isOverflowing = true;
        return false;
    }

    /** Thread: log. There is room again; returns how many lines were lost meanwhile. */
    long endOverflow() {
        isOverflowing = false;
        return lost.sumThenReset();
    }

    void changeOutput(LogSettings settings) {
        writer.changeOutput(settings);
    }

    @Override
    public void close() {
        writer.close();
    }
}
