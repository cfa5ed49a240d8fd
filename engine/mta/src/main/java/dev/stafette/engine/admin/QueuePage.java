// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * A piece of a queue listing.
 * Thread: any (a value).
 *
 * @param nextCursor where the next page begins; {@link #END} when this is the last
 * @param workCount messages taken in and attempts ended since the start: a queue that has work to do shows it
 */
public record QueuePage(List<QueuedMessage> messages, long nextCursor, long workCount) {
    public static final long END = -1;

    public QueuePage {
        messages = List.copyOf(messages);
    }
}
