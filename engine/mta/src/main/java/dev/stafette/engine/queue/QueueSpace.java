// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.Spool;
import dev.stafette.storage.StorageSettings;

/**
 * How much room the queue needs, and whether it has that.
 * Thread: any (a value).
 *
 * @param isShort mail would be refused now, or as soon as the first segment is in use
 */
public record QueueSpace(String text, boolean isShort) {
    public static final String CONSEQUENCE = "as long as there is no more, mail is answered 452";

    public static QueueSpace of(StorageSettings settings, Spool spool) {
        long freeBytes = spool.freeBytes();
        String text = settings.needText() + "; " + (freeBytes >> 20) + " MB are";
        return new QueueSpace(text, spool.isShortOfSpace() || spool.isTooLarge(2L * settings.segmentBytes()));
    }
}
