// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps what is written; can be made to hang, as a disk does, and to fail. */
final class KeptOutput implements LogOutput {
    private final StringBuffer text = new StringBuffer();
    private final CountDownLatch writing = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final AtomicBoolean isFailing = new AtomicBoolean();

    void hang() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    void failOnce() {
        isFailing.set(true);
    }

    void awaitWriting() throws InterruptedException {
        writing.await();
    }

    List<String> lines() {
        return text.toString().lines().toList();
    }

    @Override
    public void followRotation() {}

    @Override
    public int write(ByteBuffer block) throws IOException {
        writing.countDown();
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
    public void close() {}
}
