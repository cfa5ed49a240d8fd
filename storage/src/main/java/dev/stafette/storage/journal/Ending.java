// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

/**
 * Where a generation ends, as a younger one says.
 * Thread: any (a value).
 *
 * @param sequence the last one that is known to be durable
 * @param isExact nothing behind it counts, even if it can be read: it was refused
 */
record Ending(long sequence, boolean isExact) {
    static final Ending UNKNOWN = new Ending(0, false);
}
