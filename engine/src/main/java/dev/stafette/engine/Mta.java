// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.admin.AdminCommands;
import dev.stafette.engine.admin.AdminServer;
import dev.stafette.engine.admin.LatencyReport;
import dev.stafette.engine.admin.ProcessControl;
import dev.stafette.engine.admin.QueueControl;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.admin.QueuePage;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.LocalHost;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The running process: what it is made of, started in order and closed in reverse.
 * Thread: start-up and shutdown; {@link #stopAndWait} any.
 */
public final class Mta implements AutoCloseable {
    private final Configuration configuration;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AdminServer adminServer;

    private Mta(Configuration configuration, QueueDirectory directory) throws IOException {
        this.configuration = configuration;
        this.adminServer =
                AdminServer.open(directory.adminSocket(), new AdminCommands(new Control(), NO_QUEUE, NO_LATENCIES));
    }

    /** Returns when the ports are open. The caller holds the lock of the directory. */
    public static Mta start(Configuration configuration, QueueDirectory directory) throws IOException {
        return new Mta(configuration, directory);
    }

    /** Blocks until somebody asks the process to stop. */
    public void awaitEnd() {
        try {
            stopAsked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the process to stop and blocks until it has; for the shutdown hook. */
    public void stopAndWait() {
        stopAsked.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        adminServer.close();
        ended.countDown();
    }

    /** Administration of the process. */
    private final class Control implements ProcessControl {
        @Override
        public void stop() {
            stopAsked.countDown();
        }

        @Override
        public void abort() {
            Runtime.getRuntime().halt(0);
        }

        @Override
        public List<String> reload() {
            return Configuration.read(configuration.directory(), new LocalHost())
                    .check();
        }
    }

    private static final LatencyReport NO_LATENCIES = new LatencyReport() {
        @Override
        public List<Stage> stages() {
            return List.of();
        }

        @Override
        public Iterable<String> hlogLines() {
            return List.of();
        }
    };

    private static final QueueControl NO_QUEUE = new QueueControl() {
        @Override
        public boolean flush() {
            return true;
        }

        @Override
        public boolean flush(long queueId, FlushListener listener) {
            listener.onFlushed(false);
            return true;
        }

        @Override
        public boolean list(long cursor, int limit, PageListener listener) {
            listener.onPage(new QueuePage(List.of(), QueuePage.END));
            return true;
        }
    };
}
