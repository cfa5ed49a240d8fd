// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * What administration asks of the queue.
 * Thread: any; the answers come on whatever thread has them.
 */
public interface QueueControl {
    /** Where a walk over the queue begins. */
    long FIRST = 0;

    /** Makes every deferred recipient due now and every dead destination alive; false: too busy, ask again. */
    boolean flush();

    /** The same for one message; {@code listener} hears whether there is such a message. */
    boolean flush(long queueId, FlushListener listener);

    /**
     * The same for the next messages behind {@code cursor} with a recipient in this domain; {@code listener} hears where to
     * go on, {@link QueuePage#END} when that was all.
     */
    boolean flushDomain(String domain, long cursor, CursorListener listener);

    /**
     * Reads the next messages of the queue, at most {@code limit}, behind {@code cursor}: {@link #FIRST}, or what the
     * page before gave. Messages that come or go between two pages may be missed or not. False: too busy, ask again.
     */
    boolean list(long cursor, int limit, PageListener listener);

    /** Hears what became of a flush. */
    interface FlushListener {
        void onFlushed(boolean found);
    }

    /** Hears where a walk goes on. */
    interface CursorListener {
        void onCursor(long next);
    }

    /** Hears the next page of a listing. */
    interface PageListener {
        void onPage(QueuePage page);
    }
}
