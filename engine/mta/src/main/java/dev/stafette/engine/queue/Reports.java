// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The reports to senders that are owed, being written, or to be tried again. One report tells of all recipients that
 * failed in a round, as Postfix does, unless each is for another address (VERP); one of another kind follows it. A
 * recipient counts as done only when the report on it is durable.
 * Thread: queue agent.
 */
final class Reports {
    /** Reports being composed at one time; the rest waits its turn. */
    static final int IN_PROGRESS_MAX = 64;

    /** After a report could not be stored: no room, or a failed sync. */
    static final long RETRY_NS = 30_000_000_000L;

    private final ReportSource source;
    private final Spool spool;
    private final QueueInbox inbox;
    private final ArrayDeque<ActiveMessage> owed = new ArrayDeque<>();

    // Owned by the queue agent.
    private int inProgressCount;
    private boolean pausing;
    private long retryAtNs;

    Reports(ReportSource source, Spool spool, QueueInbox inbox) {
        this.source = source;
        this.spool = spool;
        this.inbox = inbox;
    }

    /** The message has reports, and no attempt and no report is under way. */
    void owe(ActiveMessage message) {
        if (!message.isReportInProgress()) {
            message.setReportInProgress(true);
            owed.add(message);
        }
    }

    /** Reports that wait for their turn: each keeps its message in memory. */
    int owedCount() {
        return owed.size();
    }

    boolean isIdle() {
        return inProgressCount == 0;
    }

    /** When {@link #poll} has something to do without an event; Long.MAX_VALUE when it has not. */
    long deadlineNs() {
        return pausing && !owed.isEmpty() ? retryAtNs : Long.MAX_VALUE;
    }

    int poll(long nowNs) {
        if (owed.isEmpty() || (pausing && nowNs - retryAtNs < 0)) {
            return 0;
        }
        pausing = false;
        int started = 0;
        while (!owed.isEmpty() && inProgressCount < IN_PROGRESS_MAX) {
            start(owed.remove());
            started++;
        }
        return started;
    }

    private void start(ActiveMessage message) {
        if (message.isRemoved()) {
            message.setReportInProgress(false);
            return;
        }
        DsnKind kind = message.reports().get(0).kind();
        boolean oneByOne = kind == DsnKind.FAILURE && source.tellsOneByOne(message.envelope());
        List<RecipientReport> all = oneByOne
                ? List.of(message.reports().get(0))
                : message.reports().stream().filter(one -> one.kind() == kind).toList();
        inProgressCount++;
        boolean isTold = source.report(
                spool,
                message,
                all,
                settled(message, all),
                id -> inbox.offerPatiently(new QueueCommand.Reported(message, all, id)));
        if (!isTold) {
            inbox.offer(new QueueCommand.Reported(message, all, ReportSource.NOBODY_TO_TELL));
        }
    }

    private static TakenOver settled(ActiveMessage message, List<RecipientReport> all) {
        List<Integer> recipients = all.stream()
                .filter(RecipientReport::settles)
                .map(RecipientReport::envelopeIndex)
                .distinct()
                .toList();
        boolean warning = all.get(0).kind() == DsnKind.DELAY;
        return new TakenOver(message.queueId(), recipients, warning ? Warning.GIVEN : Warning.NONE);
    }

    /** Returns true when the recipients told of are done, false when the report will be tried again. */
    boolean onReported(QueueCommand.Reported reported, long nowNs) {
        inProgressCount--;
        ActiveMessage message = reported.message();
        message.setReportInProgress(false);
        if (reported.reportQueueId() == ReportSource.NOT_STORED && !message.isRemoved()) {
            pausing = true;
            retryAtNs = nowNs + RETRY_NS;
            owe(message);
            return false;
        }
        return true;
    }
}
