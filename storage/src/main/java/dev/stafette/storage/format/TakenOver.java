// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.util.List;

/**
 * What a new message takes over from an older one, in one step with its acceptance: a report what a sender is to be told,
 * a copy the recipients that it goes on with. There is no moment at which both have it, or neither, whenever the process
 * ends.
 * Thread: any (a value).
 *
 * @param queueId of the older message
 * @param recipients of the older message, by their places in its envelope: they are done
 */
public record TakenOver(long queueId, List<Integer> recipients, Warning warning) {
    public TakenOver {
        recipients = List.copyOf(recipients);
    }

    /**
     * Whether a sender knows that mail is late. GIVEN: the new message tells the sender of the older one. INHERITED: the
     * sender of the older one knows, and with it that of the new one. Order is on disk.
     */
    public enum Warning {
        NONE,
        GIVEN,
        INHERITED
    }
}
