// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import dev.stafette.codec.envelope.Envelope;
import org.jspecify.annotations.Nullable;

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
 * @param source the address to send from; empty: the transport's own choice, as all of them have it so far
 * @param tenant on whose behalf, for limits and figures; empty: nobody's, as there are none yet
 * @param site the only one that may be connected to, by the name that a report has: where the next hop leads to another, the
 *     request comes back untried with that one. Empty: the site is to be found out without connecting, and the request comes
 *     back untried with it. Null: whichever it is
 * @param arrivalMs when the message came, in ms since 1970
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
        String source,
        String tenant,
        @Nullable String site,
        long arrivalMs,
        Object attachment) {
    /** No source address is asked for. */
    public static final String ANY_SOURCE = "";

    /** Sent on nobody's behalf. */
    public static final String NO_TENANT = "";

    /** Of a message that has only just come. */
    public DeliveryRequest(
            String queueId,
            String nextHop,
            Envelope envelope,
            int[] recipients,
            MessageBody body,
            OutcomeListener listener,
            int attemptsMax,
            String source,
            String tenant,
            @Nullable String site,
            Object attachment) {
        this(
                queueId,
                nextHop,
                envelope,
                recipients,
                body,
                listener,
                attemptsMax,
                source,
                tenant,
                site,
                Long.MAX_VALUE,
                attachment);
    }

    /** The same, reported to another. */
    public DeliveryRequest with(OutcomeListener other) {
        return new DeliveryRequest(
                queueId,
                nextHop,
                envelope,
                recipients,
                body,
                other,
                attemptsMax,
                source,
                tenant,
                site,
                arrivalMs,
                attachment);
    }

    /** The same with another envelope and another content; what becomes of it is told as of this one. */
    public DeliveryRequest as(Envelope other, MessageBody content) {
        return new DeliveryRequest(
                queueId,
                nextHop,
                other,
                recipients,
                content,
                (unused, report) -> listener.onAttempted(this, report),
                attemptsMax,
                source,
                tenant,
                site,
                arrivalMs,
                attachment);
    }

    /** It may not connect to this site; one that is not known is anybody's guess, and not to be connected to either. */
    public boolean isForAnotherSite(String other) {
        return site != null && !site.equals(other);
    }
}
