// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import org.HdrHistogram.Histogram;

/**
 * What became of the messages of a run.
 * Thread: any (a value).
 *
 * @param acknowledged which got their 250
 * @param transientCount answered 4xx
 * @param permanentCount answered 5xx
 * @param unansweredCount the connection broke, or the run was cut off, before there was an answer
 * @param reconnectCount connections made in place of ones that broke
 * @param seconds from the start to the last answer
 * @param latencies MAIL to 250 in µs, of acknowledged messages; in a paced run from when the message was due
 */
public record LoadResult(
        SequenceSet acknowledged,
        long transientCount,
        long permanentCount,
        long unansweredCount,
        long reconnectCount,
        double seconds,
        Histogram latencies) {
    public double perSecond() {
        return seconds > 0 ? acknowledged.size() / seconds : 0;
    }
}
