// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import dev.stafette.codec.envelope.Envelope;

/**
 * One delivery attempt: some recipients of one message for one destination.
 * Thread: any (a value); {@code recipients} is not changed after construction.
 *
 * @param queueId the queue id in its text form, for the log
 * @param nextHop {@code domain}, {@code [host]}, {@code [host]:port} or {@code domain:port}, as the destination has it; several
 *     of them with commas between, in the order in which they are tried
 * @param recipients indexes into {@code envelope.recipients()}
 * @param body released by the transport when the attempt has ended
 * @param attemptsMax attempts for the next hop that may be under way at once. Of a transport that looks ahead, the others
 *     wait in it until one has ended; no other transport is given more
 * @param attachment the caller's own; the transport does not look at it
 */
public record DeliveryRequest(
        String queueId,
        String nextHop,
        Envelope envelope,
        int[] recipients,
        MessageBody body,
        OutcomeListener listener,
        int attemptsMax,
        Object attachment) {}
