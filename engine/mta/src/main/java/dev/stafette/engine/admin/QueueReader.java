// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What administration reads of the queue beyond listings, in slices.
 * Thread: any; the answers come on whatever thread has them.
 */
public interface QueueReader {
    /**
     * What is to be counted.
     *
     * @param senders messages by their sender's domain, not recipients by theirs
     * @param ageLimitsSeconds where one age group ends and the next begins, ascending
     */
    record ShapeQuestion(boolean senders, Set<QueueName> queues, List<Long> ageLimitsSeconds) {
        public ShapeQuestion {
            queues = Set.copyOf(queues);
            ageLimitsSeconds = List.copyOf(ageLimitsSeconds);
        }
    }

    /** Hears counts of the next messages: one number for each age group, by domain, empty for the null reverse-path. */
    interface ShapeListener {
        void onCounts(Map<String, long[]> counts, long nextCursor);
    }

    /** Counts the next messages behind {@code cursor}. False: too busy, ask again. */
    boolean shape(ShapeQuestion question, long cursor, ShapeListener listener);

    /** Hears what is known of a message; null when there is none. */
    interface MessageListener {
        void onMessage(@Nullable MessageFacts message);
    }

    /** Looks a message up and reads its envelope. False: too busy, ask again. */
    boolean message(long queueId, MessageListener listener);

    /** Hears a piece of content in its stored form, empty at the end; null: the message has left the queue. */
    interface ContentListener {
        void onContent(byte @Nullable [] content);
    }

    /** Reads content from {@code offset} on, at most {@code limit} bytes; waits for the disk elsewhere. */
    void content(MessageFacts message, long offset, int limit, ContentListener listener);
}
