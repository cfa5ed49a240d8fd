// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import org.jspecify.annotations.Nullable;

/**
 * A message that has arrived in whole and wants to be accepted.
 * Thread: any (a value).
 *
 * @param arrivalMs when MAIL came, ms since 1970
 * @param arrivalNs the same on the monotonic clock
 * @param bodyFlags {@link BodyRef#LONG_LINES}, {@link BodyRef#EIGHT_BIT}, {@link BodyRef#ASCII_HEADER} and {@link BodyRef#HELD}
 * @param takesOver what it takes over from an older message; null for mail that comes from elsewhere
 * @param listener the session that waits for its 250
 */
public record IncomingMessage(
        long queueId,
        long arrivalMs,
        long arrivalNs,
        Envelope envelope,
        int bodyFlags,
        @Nullable TakenOver takesOver,
        CommitListener listener) {
    /** One that comes from elsewhere. */
    public IncomingMessage(
            long queueId, long arrivalMs, long arrivalNs, Envelope envelope, int bodyFlags, CommitListener listener) {
        this(queueId, arrivalMs, arrivalNs, envelope, bodyFlags, null, listener);
    }
}
