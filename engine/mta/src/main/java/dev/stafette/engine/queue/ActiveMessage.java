// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import dev.stafette.storage.format.TakenOver.Warning;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message that is being worked on, with what the index does not hold: its envelope and the times of this round.
 * Thread: queue agent; the final fields may be read by the threads that it is handed to.
 */
public final class ActiveMessage {
    private final long queueId;
    private final String queueIdText;
    private final int slot;
    private final Envelope envelope;
    private final BodyRef body;
    private final long arrivalMs;
    private final long arrivalNs;

    // Owned by the queue agent.
    private final long activeNs;
    private int inFlightCount;
    private boolean reportInProgress;
    private boolean removed;
    private @Nullable List<RecipientReport> reports;
    private boolean expired;

    /** Recipients whose routes are those of {@link #routesVersion}. */
    private final BitSet routed = new BitSet(1);

    private int routesVersion;

    ActiveMessage(
            long queueId, int slot, Envelope envelope, BodyRef body, long arrivalMs, long arrivalNs, long activeNs) {
        this.queueId = queueId;
        this.queueIdText = QueueId.format(queueId);
        this.slot = slot;
        this.envelope = envelope;
        this.body = body;
        this.arrivalMs = arrivalMs;
        this.arrivalNs = arrivalNs;
        this.activeNs = activeNs;
    }

    public long queueId() {
        return queueId;
    }

    public String queueIdText() {
        return queueIdText;
    }

    public Envelope envelope() {
        return envelope;
    }

    public BodyRef body() {
        return body;
    }

    /** When the message came in, ms since 1970; kept over restarts. */
    public long arrivalMs() {
        return arrivalMs;
    }

    /** The same moment on the monotonic clock. */
    public long arrivalNs() {
        return arrivalNs;
    }

    /** When it became active in this round. */
    public long activeNs() {
        return activeNs;
    }

    int slot() {
        return slot;
    }

    int inFlightCount() {
        return inFlightCount;
    }

    void onDispatched() {
        inFlightCount++;
    }

    void onReturned() {
        inFlightCount--;
    }

    /** The recipient's destination is what the resolver said in that version. */
    void onRouted(int envelopeIndex, int version) {
        if (version != routesVersion) {
            routed.clear();
            routesVersion = version;
        }
        routed.set(envelopeIndex);
    }

    /** It waits for its next attempt, and what it is routed by may change meanwhile. */
    void onDeferred(int envelopeIndex) {
        routed.clear(envelopeIndex);
    }

    boolean isRouted(int[] envelopeIndexes, int version) {
        if (version != routesVersion) {
            return false;
        }
        for (int index : envelopeIndexes) {
            if (!routed.get(index)) {
                return false;
            }
        }
        return true;
    }

    /** A recipient ran out of time; true for the first. */
    boolean noteExpired() {
        boolean first = !expired;
        expired = true;
        return first;
    }

    /** What the sender has not been told yet. */
    List<RecipientReport> reports() {
        return reports == null ? List.of() : reports;
    }

    void addReport(RecipientReport report) {
        if (reports == null) {
            reports = new ArrayList<>(2);
        }
        reports.add(report);
    }

    void removeReports(List<RecipientReport> told) {
        if (reports != null) {
            reports.removeAll(told);
        }
    }

    /** What a report tells that is on stable storage need not be told any more. */
    void onTakenOver(TakenOver takenOver) {
        if (reports != null) {
            Set<Integer> recipients = new HashSet<>(takenOver.recipients());
            boolean warned = takenOver.warning() == Warning.GIVEN;
            reports.removeIf(one ->
                    warned && one.kind() == DsnKind.DELAY || one.settles() && recipients.contains(one.envelopeIndex()));
        }
    }

    /** It has left the queue, maybe while something of it was under way: what comes of that concerns nobody any more. */
    boolean isRemoved() {
        return removed;
    }

    void onRemoved() {
        removed = true;
    }

    boolean isReportInProgress() {
        return reportInProgress;
    }

    void setReportInProgress(boolean value) {
        reportInProgress = value;
    }
}
