// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * What administration asks of the mail that waits in {@code maildrop/} for the pickup service. A file may be taken in at
 * any time: what is asked of one that has gone is left out of the answer.
 * Thread: any; the answers come on whatever thread has them.
 */
public interface MaildropControl {
    /** Where a walk over the files begins. */
    String FIRST = "";

    /** The ids that follow {@code after} in their order, at most {@code limit}; none behind the last. */
    void ids(String after, int limit, IdsListener listener);

    /** What these files hold, in the same order. */
    void messages(List<String> ids, MessagesListener listener);

    /** Records from {@code offset} on, at most {@code limit} bytes; empty at the end, null when there is no such file. */
    void content(String id, long offset, int limit, QueueReader.ContentListener listener);

    /** Deletes them; what is on its way into the queue is left alone. */
    void delete(List<String> ids, IdsListener listener);

    /** Hears of files by their ids. */
    interface IdsListener {
        void onIds(List<String> ids);
    }

    /** Hears what files hold. */
    interface MessagesListener {
        void onMessages(List<QueuedMessage> messages);
    }
}
