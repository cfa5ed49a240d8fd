// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.Spool;
import dev.stafette.storage.format.TakenOver;
import java.util.List;

/**
 * Makes reports to senders. It composes the report off the agent's thread and sends it to the inbox like any accepted
 * message, with the given listener's answer when it is durable.
 * Thread: queue agent for the call; the work is done elsewhere.
 */
public interface ReportSource {
    /**
     * All reports are of one kind. The spool is for reading the body, which is not removed before the end.
     * {@code settles}: what is done with the report's acceptance. {@code onEnd} is called once, on any thread: with the report's queue id when it is durable, else 0.
     */
    void report(Spool spool, ActiveMessage message, List<RecipientReport> reports, TakenOver settles, ReportEnd onEnd);

    /** What became of a report. */
    interface ReportEnd {
        void onReport(long reportQueueId);
    }
}
