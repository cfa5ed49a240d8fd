// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * A piece of a queue listing.
 * Thread: any (a value).
 *
 * @param nextCursor where the next page begins; {@link #END} when this is the last
 */
public record QueuePage(List<QueuedMessage> messages, long nextCursor) {
    public static final long END = -1;

    public QueuePage {
        messages = List.copyOf(messages);
    }
}
