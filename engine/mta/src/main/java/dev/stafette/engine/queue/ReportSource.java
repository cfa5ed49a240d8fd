// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.TakenOver;
import java.util.List;

/**
 * Makes reports to senders, and the postmaster. It composes the report off the agent's thread and sends it to the inbox like any accepted
 * message, with the given listener's answer when it is durable.
 * Thread: queue agent for the call; the work is done elsewhere.
 */
public interface ReportSource {
    /** Stands for a report's id where no report settles anything: nobody is told, or nobody but the postmaster, in a copy. */
    long NOBODY_TO_TELL = -1;

    /** Stands for a report's id where the report could not be stored. */
    long NOT_STORED = 0;

    /** Failures are told of one by one, each to the address that names its recipient. */
    boolean tellsOneByOne(Envelope envelope);

    /**
     * Returns false when nobody is to be told, and nothing is done. All reports are of one kind. The spool is for reading the body, which is not removed before the end.
     * {@code settles}: what is done with the report's acceptance. {@code onEnd} is called once, on any thread: with the report's queue id when it is durable, or what stands for it.
     */
    boolean report(
            Spool spool, ActiveMessage message, List<RecipientReport> reports, TakenOver settles, ReportEnd onEnd);

    /** What became of a report. */
    interface ReportEnd {
        void onReport(long reportQueueId);
    }
}
