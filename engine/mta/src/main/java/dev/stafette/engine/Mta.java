// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.admin.ProcessControl;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.log.LogSettings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.queue.QueueSpace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The running process: what it is made of, started in order and closed in reverse.
 * Thread: start-up and shutdown; {@link #stopAndWait} any.
 */
public final class Mta implements AutoCloseable {
    /** The process cannot go on: storage is unwell. A supervisor starts it again, and replay is the way back. */
    private static final int HALTED = 70;

    private static final String MASTER = "master";
    private static final String SCRIPT = "postfix-script";

    private final OpenParts parts = new OpenParts();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final MailLog log;
    private @Nullable QueueSpace space;

    private Mta(Configuration configuration, QueueDirectory directory) throws IOException {
        this.log = parts.opened(MailLog.open(LogSettings.of(configuration.settings())));
        log.info(SCRIPT, "starting the Postfix mail system");
        try {
            open(configuration, directory);
            log.info(MASTER, "daemon started -- " + configuration.identity());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(Configuration configuration, QueueDirectory directory) throws IOException {
        Machinery machinery = Machinery.start(configuration, log, parts);
        ConfiguredParts configured =
                ConfiguredParts.open(configuration, machinery, warning -> log.warning("bounce", warning));
        RunningQueue queue = RunningQueue.start(configuration, configured, machinery, parts, this::onFatal);
        space = queue.space();
        Entrances entrances = Entrances.open(configuration, configured, machinery, queue, parts);
        Reload reload = parts.opened(new Reload(configuration, configured, machinery, queue, entrances));
        new Administration(configuration, configured, machinery, queue, entrances)
                .open(directory, new Control(reload), parts);
    }

    /** Returns when the ports are open. The caller holds the lock of the directory. */
    public static Mta start(Configuration configuration, QueueDirectory directory) throws IOException {
        return new Mta(configuration, directory);
    }

    /** What it started with; null when it has not. */
    public @Nullable QueueSpace space() {
        return space;
    }

    private void onFatal(Throwable broken) {
        log.fatal("qmgr", "the queue agent cannot go on: " + broken);
        log.close();
        Runtime.getRuntime().halt(HALTED);
    }

    /** Blocks until somebody asks the process to stop. */
    public void awaitEnd() {
        await(stopAsked);
    }

    /** Asks the process to stop and blocks until it has; for the shutdown hook. */
    public void stopAndWait() {
        stopAsked.countDown();
        await(ended);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        log.info(MASTER, "terminating on signal 15");
        try {
            parts.close();
        } finally {
            ended.countDown();
        }
    }

    /** Administration of the process. */
    private final class Control implements ProcessControl {
        private final Reload reload;

        Control(Reload reload) {
            this.reload = reload;
        }

        @Override
        public void stop() {
            log.info(SCRIPT, "stopping the Postfix mail system");
            stopAsked.countDown();
        }

        @Override
        public void abort() {
            Runtime.getRuntime().halt(0);
        }

        @Override
        public List<String> reload() {
            return reload.run();
        }
    }
}
