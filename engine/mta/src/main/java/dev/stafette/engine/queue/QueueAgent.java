// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Entry;
import dev.stafette.scheduler.EntrySink;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.Spool;
import java.util.function.Consumer;

/**
 * The duty cycle of the queue: takes commands, journals them, and keeps every destination as busy as it may be.
 * Thread: queue agent, which this class runs; {@link #start} and {@link #close} are called by the process.
 *
 * <p>The order of a cycle is the order of priority: what arrived is journaled first, since sessions wait for it; then
 * what has become durable is admitted; then attempts are handed out.
 */
public final class QueueAgent implements AutoCloseable {
    /** Commands of one cycle: large enough for a full batch of sessions, small enough to keep dispatching. */
    static final int INBOX_LIMIT = 1024;

    /** Timers and attempts of one cycle. */
    static final int DISPATCH_LIMIT = 256;

    /** Records looked at of an old journal generation in one cycle. */
    static final int CHECKPOINT_LIMIT = 64;

    /**
     * Commands that wait while a batch is under way, at most: its end wakes the agent anyway, and what arrives before
     * that could not be handed to the disk sooner. A wake-up costs more than the commands it is for.
     */
    private static final int WAKE_COUNT_MAX = 16;

    /** The part of what is in flight whose outcomes may wait for each other: the rest keeps the connections busy. */
    private static final int IDLE_FRACTION = 4;

    /** The longest sleep: a bound on what a lost wake-up could cost. */
    private static final long SLEEP_NS_MAX = 1_000_000_000L;

    private static final long STOP_MS_MAX = 30_000;

    private final QueueInbox inbox;
    private final QueueClock clock;
    private final Spool spool;
    private final QueueState state;
    private final Scheduler scheduler;
    private final Admission admission;
    private final MessageLoader loader;
    private final Routing routing;
    private final Dispatcher dispatcher;
    private final RoundEnd roundEnd;
    private final Settlement settlement;
    private final Reports reports;
    private final QueueCheckpoint checkpoint;
    private final QueueView view;
    private final Consumer<Throwable> onFatal;
    private final Consumer<QueueCommand> onCommand = this::onCommand;
    private final EntrySink sink = new Sink();
    private final Thread thread = new Thread(this::run, "queue-0");

    // Owned by the queue agent: messages taken in and attempts ended.
    private long workCount;

    /** Written by the closing thread, read by the agent. */
    private volatile boolean draining;

    private volatile boolean stopping;

    /**
     * Takes the spool's lock, reads the journal into a fresh index, and makes ready to start.
     *
     * @param seed of the scheduler's jitter
     * @param onFatal hears why the agent cannot go on; the process must end, restart and replay are the way back
     */
    public static QueueAgent open(QueueParts parts, long seed, Consumer<Throwable> onFatal) {
        return open(parts, new QueueClock(System::nanoTime, System::currentTimeMillis), seed, onFatal);
    }

    /** @param clock another than the machine's, in tests */
    static QueueAgent open(QueueParts parts, QueueClock clock, long seed, Consumer<Throwable> onFatal) {
        QueueInbox inbox = parts.inbox();
        QueueState state = new QueueState(new Scheduler(parts.scheduling(), seed, clock.nowNs()), parts.probes());
        Routing routing = new Routing(parts.routes(), state.scheduler(), inbox);
        Recovery recovery = new Recovery(state, routing::enter, clock, parts.listener()::onWarning);
        Spool spool = Spool.open(parts.storage(), recovery, inbox::wake);
        state.onRecovered(spool);
        return new QueueAgent(parts, spool, state, routing, clock, onFatal);
    }

    private QueueAgent(
            QueueParts parts,
            Spool spool,
            QueueState state,
            Routing routing,
            QueueClock clock,
            Consumer<Throwable> onFatal) {
        this.inbox = parts.inbox();
        this.clock = clock;
        this.spool = spool;
        this.state = state;
        this.scheduler = state.scheduler();
        this.routing = routing;
        this.onFatal = onFatal;
        QueueListener listener = parts.listener();
        DelayWarnings delays = new DelayWarnings(scheduler, clock, parts.rules());
        this.loader = new MessageLoader(parts, spool, state, clock);
        this.dispatcher = new Dispatcher(parts, spool, scheduler, loader, routing, clock);
        this.reports = new Reports(parts.reportSource(), spool, inbox);
        this.roundEnd = new RoundEnd(spool, state, loader, reports, delays, listener, clock);
        this.settlement = new Settlement(parts, spool, state, loader, delays, roundEnd, clock);
        this.admission = new Admission(parts, spool, state, routing, clock);
        this.checkpoint = new QueueCheckpoint(state, clock, loader);
        this.view = new QueueView(
                state, clock, new Running(new QueueChanges(spool, state, reports, loader, roundEnd, listener, clock)));
    }

    private final class Running implements QueueView.Agent {
        private final QueueChanges changes;

        Running(QueueChanges changes) {
            this.changes = changes;
        }

        @Override
        public long workCount() {
            return workCount;
        }

        @Override
        public void reload(SchedulerSettings scheduling, QueueRules rules) {
            scheduler.reload(scheduling);
            settlement.reload(rules);
            admission.reload(rules);
        }

        @Override
        public RequestedMail requested() {
            return routing.requested();
        }

        @Override
        public QueueChanges changes() {
            return changes;
        }
    }

    public void start() {
        thread.start();
    }

    /** For what may be asked of it on any thread. */
    public Spool spool() {
        return spool;
    }

    QueueState state() {
        return state;
    }

    /** Messages that recovery brought back. To be asked before {@link #start}. */
    public int recoveredCount() {
        return scheduler.view().messageCount();
    }

    private void run() {
        try {
            begin();
            while (!stopping || !isQuiet()) {
                if (doWork() == 0) {
                    sleep();
                }
            }
        } catch (Throwable broken) {
            // The agent's last line: whatever it is, the process must know.
            onFatal.accept(broken);
        }
    }

    /** On the agent's thread, before the first cycle. */
    void begin() {
        inbox.onAgentStarted();
        roundEnd.begin();
    }

    /** One cycle. */
    int doWork() {
        clock.tick();
        return inbox.drain(onCommand, INBOX_LIMIT)
                + spool.poll(admission, clock.nowNs())
                + reports.poll(clock.nowNs())
                + dispatch()
                + spool.tidy(checkpoint, CHECKPOINT_LIMIT);
    }

    /** Nothing is attempted whose outcome could not be journaled. */
    private int dispatch() {
        return draining || !spool.canRecordOutcomes() ? 0 : scheduler.poll(clock.nowNs(), sink, DISPATCH_LIMIT);
    }

    private void sleep() {
        inbox.prepareSleep(spool.isCommitting() ? patience() : 1);
        if (!inbox.isWorthWaking() && !spool.hasResults()) {
            long nowNs = clock.nowNs();
            long ns = Math.min(
                    untilNs(spool.deadlineNs(), nowNs),
                    Math.min(
                            untilNs(draining ? Long.MAX_VALUE : scheduler.nextDeadlineNs(), nowNs),
                            untilNs(reports.deadlineNs(), nowNs)));
            if (ns > 0) {
                inbox.sleep(ns);
            }
        }
        inbox.endSleep();
    }

    /** How many commands to sleep through until the batch that is under way has ended. */
    private int patience() {
        int inFlightCount = dispatcher.inFlightCount();
        return inFlightCount == 0
                ? WAKE_COUNT_MAX
                : Math.max(1, Math.min(WAKE_COUNT_MAX, inFlightCount / IDLE_FRACTION));
    }

    private static long untilNs(long deadlineNs, long nowNs) {
        if (deadlineNs == Long.MIN_VALUE) {
            return 0;
        }
        return deadlineNs == Long.MAX_VALUE ? SLEEP_NS_MAX : Math.min(deadlineNs - nowNs, SLEEP_NS_MAX);
    }

    private void onCommand(QueueCommand command) {
        if (command instanceof QueueCommand.Attempted attempted) {
            workCount++;
            dispatcher.onSettled();
            settlement.onAttempted((DispatchedEntry) attempted.request().attachment(), attempted.report());
        } else if (command instanceof QueueCommand.Accepted accepted) {
            workCount++;
            admission.onAccepted(accepted);
        } else if (command instanceof QueueCommand.Chunk chunk) {
            admission.onChunk(chunk.extent());
        } else if (command instanceof QueueCommand.Abandoned abandoned) {
            admission.onAbandoned(abandoned.queueId());
        } else if (command instanceof QueueCommand.Discarded discarded) {
            admission.onDiscarded(discarded);
        } else if (command instanceof QueueCommand.Loaded loaded) {
            loader.onLoaded(loaded);
        } else if (command instanceof QueueCommand.SetAside damaged) {
            loader.onSetAside(damaged);
        } else if (command instanceof QueueCommand.Routed routed) {
            onRouted(routed);
        } else if (command instanceof QueueCommand.Reported reported) {
            roundEnd.onReported(reported);
        } else if (command instanceof QueueCommand.Request request) {
            request.run(view);
        }
    }

    private void onRouted(QueueCommand.Routed routed) {
        routed.message().onReturned();
        if (routing.isUnchanged(routed)) {
            dispatcher.dispatch(routed.entry(), routed.message());
            return;
        }
        dispatcher.onSettled();
        settlement.onRerouted(routed, routing);
    }

    /** Everything that was handed out has come back and is on disk. */
    private boolean isQuiet() {
        return inbox.isEmpty() && dispatcher.inFlightCount() == 0 && reports.isIdle() && spool.isSettled();
    }

    private final class Sink implements EntrySink {
        @Override
        public void onEntry(Entry entry) {
            dispatcher.onEntry(entry);
        }

        @Override
        public void onSuspended(int message, int recipient, String reason, long dueNs) {
            settlement.onSuspended(message, recipient, reason, dueNs);
        }

        @Override
        public void onExpired(int message, int recipient) {
            settlement.onExpired(message, recipient);
        }
    }

    /** No more attempts from now on. The transports are closed next, and report what they had. */
    public void drain() {
        draining = true;
        inbox.wake();
    }

    /**
     * Ends the agent when nothing is outstanding any more. Listeners and transports must be closed before.
     */
    @Override
    public void close() {
        draining = true;
        stopping = true;
        inbox.wake();
        try {
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            spool.close();
        }
    }
}
