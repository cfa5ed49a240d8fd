// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps what is written; can be made to hang, as a disk does, and to fail. */
final class KeptOutput implements LogOutput {
    private final StringBuffer text = new StringBuffer();
    private final CountDownLatch writing = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<Runnable> nextWrite = new AtomicReference<>(() -> {});

    void hang() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    void failOnce() {
        isFailing.set(true);
    }

    /** Done once, by the writer, before it writes the next time. */
    void whenWritingAgain(Runnable task) {
        nextWrite.set(task);
    }

    void awaitWriting() throws InterruptedException {
        writing.await();
    }

    /** All of them, when the log is closed: its writer may come to the end later than whoever closes it waits. */
    List<String> lines() {
        try {
            if (!closed.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the log is not closed, or its writer hangs");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().lines().toList();
    }

    @Override
    public void followRotation() {}

    @Override
    public int write(ByteBuffer block) throws IOException {
        writing.countDown();
        nextWrite.getAndSet(() -> {}).run();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (isFailing.getAndSet(false)) {
            throw new IOException("No space left on device");
        }
        text.append(StandardCharsets.UTF_8.decode(block));
        return 0;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
