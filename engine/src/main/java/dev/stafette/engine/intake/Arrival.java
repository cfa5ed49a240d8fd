// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.ReceivedHeader;

/**
 * A message that arrives, but for its content.
 * Thread: any (a value).
 *
 * @param arrivalMs when its transaction began, ms since 1970
 * @param arrivalNs the same on the monotonic clock
 * @param addsMissingHeaders it comes from one of us: what its header lacks is put there
 */
public record Arrival(
        long queueId,
        String queueIdText,
        long arrivalMs,
        long arrivalNs,
        Envelope envelope,
        ReceivedHeader received,
        boolean addsMissingHeaders) {}
