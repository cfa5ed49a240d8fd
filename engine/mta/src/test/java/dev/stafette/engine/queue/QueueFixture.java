// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A queue that a test starts when it is ready, and again as after a crash: in one directory, and with one clock. */
final class QueueFixture implements BeforeEachCallback, AfterEachCallback {
    private final FakeTransport transport = new FakeTransport();
    private final QueueRig.Options options = new QueueRig.Options();
    private final AtomicLong aheadNs = new AtomicLong();
    private Path directory;
    private @Nullable QueueRig rig;

    /** Of all starts. */
    FakeTransport transport() {
        return transport;
    }

    /** Of the starts that follow. */
    QueueRig.Options options() {
        return options;
    }

    /** What is not durable of an earlier start is lost. */
    QueueRig open() {
        crash();
        QueueRig opened = new QueueRig(directory, aheadNs, transport, options);
        rig = opened;
        return opened;
    }

    /** As {@link #open}, and nothing happens any more but with time. */
    QueueRig start() {
        QueueRig opened = open();
        opened.settle();
        return opened;
    }

    void crash() {
        QueueRig running = rig;
        rig = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("queue");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        crash();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
