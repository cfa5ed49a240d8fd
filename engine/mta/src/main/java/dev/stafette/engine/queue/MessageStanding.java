// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.format.BodyRef;
import java.util.SortedMap;

/**
 * How a message of the queue stands at one moment.
 * Thread: any (a value).
 *
 * @param expiring an operator has said that its time is up
 * @param waiting whoever is not done, by the place in the envelope, and why: a {@link Reason} as it is encoded, empty
 *     before the first attempt
 */
public record MessageStanding(
        long queueId, MessageQueue queue, boolean expiring, BodyRef body, SortedMap<Integer, String> waiting) {}
