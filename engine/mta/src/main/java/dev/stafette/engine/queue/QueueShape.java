// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is queued by domain and age, of the messages that one slice of a walk looked at.
 * Thread: any (a value).
 *
 * @param counts one number for each age group, by domain: empty is the null reverse-path
 * @param nextCursor where the walk goes on; {@link QueueView#END} when this was the last slice
 */
public record QueueShape(Map<String, long[]> counts, long nextCursor) {
    /**
     * What is to be counted.
     *
     * @param senders messages by their sender's domain, not recipients by theirs
     * @param ageLimitsNs where one age group ends and the next begins, ascending
     */
    public record Question(boolean senders, Predicate<MessageQueue> queues, List<Long> ageLimitsNs) {}
}
