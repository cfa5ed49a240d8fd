// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.RecipientState;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows when nothing of a message is under way any more: its sender is told what is owed, and a message of which
 * everything is done, and told, leaves the queue; one that waits may leave memory.
 * Thread: queue agent.
 */
final class RoundEnd {
    private static final int WALK_LIMIT = 1000;

    private final Spool spool;
    private final QueueState state;
    private final Scheduler scheduler;
    private final MessageLoader loader;
    private final Reports reports;
    private final DelayWarnings delays;
    private final QueueListener listener;
    private final QueueClock clock;

    RoundEnd(
            Spool spool,
            QueueState state,
            MessageLoader loader,
            Reports reports,
            DelayWarnings delays,
            QueueListener listener,
            QueueClock clock) {
        this.spool = spool;
        this.state = state;
        this.scheduler = state.scheduler();
        this.loader = loader;
        this.reports = reports;
        this.delays = delays;
        this.listener = listener;
        this.clock = clock;
    }

    /** Takes up what the process that ended before had not come to. */
    void begin() {
        oweAgain();
        endAgain();
    }

    /** Reports that were owed when the process ended. */
    private void oweAgain() {
        for (long queueId : state.owed().queueIds()) {
            loader.withMessage(scheduler.view().slotOf(queueId), message -> {
                state.owed()
                        .take(queueId)
                        .forEach((index, told) ->
                                message.addReport(RecipientReport.of(index, message.envelope(), told)));
                onIdle(message);
            });
        }
    }

    /** Messages of which everything was done, but for the record that ends them. */
    private void endAgain() {
        List<Integer> done = new ArrayList<>();
        int cursor = 0;
        while (cursor != Scheduler.NONE) {
            cursor = scheduler.view().walkMessages(cursor, WALK_LIMIT, slot -> {
                if (scheduler.view().isDone(slot)
                        && !state.owed().isOwing(scheduler.view().queueId(slot))) {
                    done.add(slot);
                }
            });
        }
        done.forEach(state::remove);
    }

    void onReported(QueueCommand.Reported reported) {
        if (!reports.onReported(reported, clock.nowNs())) {
            return;
        }
        ActiveMessage message = reported.message();
        if (reported.reportQueueId() > 0) {
            listener.onReported(message, reported.told().get(0).kind(), reported.reportQueueId());
        }
        if (message.isRemoved()) {
            return;
        }
        if (reported.reportQueueId() == ReportSource.NOBODY_TO_TELL) {
            // Else the journal says it where it says that the report was accepted.
            onNobodyToTell(message, reported.told());
        }
        message.removeReports(reported.told());
        onIdle(message);
    }

    private void onNobodyToTell(ActiveMessage message, List<RecipientReport> told) {
        if (told.get(0).kind() == DsnKind.DELAY) {
            spool.warned(message.queueId());
        }
        told.stream()
                .filter(RecipientReport::settles)
                .forEach(one -> spool.attempted(message.queueId(), one.envelopeIndex(), RecipientState.REPORTED));
    }

    /** Some of it has just ended; nothing is done while something else of the message is under way. */
    void onIdle(ActiveMessage message) {
        if (message.isRemoved() || message.inFlightCount() > 0 || message.isReportInProgress()) {
            return;
        }
        int slot = message.slot();
        if (scheduler.view().isActive(slot)) {
            return;
        }
        if (!message.reports().isEmpty() || delays.isDue(slot) && delays.note(message)) {
            state.active().put(message);
            reports.owe(message);
            return;
        }
        if (scheduler.view().isDone(slot)) {
            state.remove(slot);
            listener.onRemoved(message);
        } else {
            state.active().drop(slot);
        }
    }
}
