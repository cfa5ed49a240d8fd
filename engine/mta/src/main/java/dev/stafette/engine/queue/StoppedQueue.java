// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.StoppedSpool;
import dev.stafette.storage.StoredBodies;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The queue of a mail system that does not run, to be looked at: the index that a start would build, of a spool in which
 * nothing is changed.
 * Thread: the one that opened it.
 */
public final class StoppedQueue implements QueueAsk, AutoCloseable {
    /** Nothing is delivered, so it does not matter. */
    private static final String NONE = "none";

    private static final long SEED = 0;

    private final StoppedSpool spool;
    private final QueueView view;

    private StoppedQueue(StoppedSpool spool, QueueView view) {
        this.spool = spool;
        this.view = view;
    }

    /**
     * Reads the journal. A StorageException says why it cannot be.
     *
     * @param warnings hears of damage
     */
    public static StoppedQueue open(Path directory, Consumer<String> warnings) {
        QueueClock clock = new QueueClock(System::nanoTime, System::currentTimeMillis);
        Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULTS, SEED, clock.nowNs());
        QueueState state = new QueueState(scheduler, ProbeListener.NONE);
        Recovery recovery =
                new Recovery(state, (recipient, sender) -> scheduler.destination(NONE, NONE), clock, warnings);
        StoppedSpool spool = StoppedSpool.read(directory, recovery);
        return new StoppedQueue(spool, new QueueView(state, clock, null));
    }

    public StoredBodies bodies() {
        return spool;
    }

    @Override
    public boolean ask(QueueCommand.Request request) {
        request.run(view);
        return true;
    }

    @Override
    public void close() {
        spool.close();
    }
}
