// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What administration does to the queue, in slices: each is bounded, and answered when it is on stable storage.
 * Thread: any; the answers come on whatever thread has them.
 */
public interface ChangeControl {
    /** What can be done to a message, and what the mail log calls it afterwards. */
    enum Change {
        DELETE("delete", "removed"),
        REQUEUE("requeue", "requeued"),
        RELEASE("release", "released from hold"),
        HOLD("hold", "placed on hold"),
        EXPIRE("expire", "expired");

        private final String text;
        private final String done;

        Change(String text, String done) {
            this.text = text;
            this.done = done;
        }

        /** Null for a word that is none of them. */
        static @Nullable Change of(String text) {
            for (Change change : values()) {
                if (change.text.equals(text)) {
                    return change;
                }
            }
            return null;
        }

        public String text() {
            return text;
        }

        public String done() {
            return done;
        }
    }

    /**
     * What became of a slice.
     *
     * @param queueIds of what was changed; unknown ids, and those of messages that were like that already, are not there
     * @param nextCursor where the next slice of all begins; {@link QueuePage#END} behind the last
     * @param failure why it was not done, or is not sure to last; empty when all went well
     */
    record Slice(List<Long> queueIds, long nextCursor, String failure) {
        public Slice {
            queueIds = List.copyOf(queueIds);
        }
    }

    /** Hears what became of a slice. */
    interface SliceListener {
        void onSlice(Slice slice);
    }

    /** Changes these messages if they are in one of the queues. False: too busy, ask again. */
    boolean changeNamed(Change change, List<Long> queueIds, Set<QueueName> queues, SliceListener listener);

    /** What all messages is before the first slice of them is changed: those that come later are left alone. */
    long newestId();

    /**
     * Changes the next messages of these queues behind {@code cursor}, up to that id. False: too busy, ask again.
     */
    boolean changeNext(Change change, Set<QueueName> queues, Position position, SliceListener listener);

    /**
     * Where a walk over all messages is.
     *
     * @param cursor {@link QueueControl#FIRST}, or what the slice before gave
     * @param newestId of the walk's beginning
     */
    record Position(long cursor, long newestId) {}

    /** Puts a line of whoever asked for changes into the mail log. */
    void note(String text);
}
