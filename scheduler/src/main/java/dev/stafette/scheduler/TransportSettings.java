// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * What holds for each destination of a transport.
 *
 * @param concurrencyLimit attempts in flight at most; 0 is no limit ({@code default_destination_concurrency_limit})
 * @param initialConcurrency the window of a destination that nothing is known of ({@code initial_destination_concurrency})
 * @param recipientLimit recipients of one attempt at most; 0 is no limit ({@code default_destination_recipient_limit}).
 *     With 1, Postfix counts the concurrency per recipient, not per next hop: see {@link Scheduler#destination(String,
 *     String, String)}
 * @param positive of an attempt that found the site well
 * @param negative of an attempt that found it unwell
 * @param cohortLimit failures, in windows full of them, until the destination is dead; 0 is never
 * @param slots when a small message overtakes a large one
 * @param siteConcurrencyLimit attempts in flight to one site at most, over all the destinations that share it; 0 is no limit.
 *     For a transport that tells sites: see {@link Scheduler#learnSite}
 * @param lookAhead for each place of the window the transport keeps so many attempts besides, and begins each when one before it
 *     has ended: a connection then goes from one message to the next without asking, and what is for one mailbox goes into it
 *     together; 0: none
 * @param destinationDelayNs from the end of an attempt to the beginning of the next one, of which there is one at a time
 *     then ({@code default_destination_rate_delay}); 0 is none
 * @param transportDelayNs from the beginning of an attempt to that of the next one, whatever their destinations
 *     ({@code default_transport_rate_delay}); 0 is none
 * @param processLimit attempts in flight at most, to all destinations; 0 is no limit (maxproc of a row of master.cf)
 */
public record TransportSettings(
        int concurrencyLimit,
        int initialConcurrency,
        int recipientLimit,
        Feedback positive,
        Feedback negative,
        int cohortLimit,
        DeliverySlots slots,
        int siteConcurrencyLimit,
        int lookAhead,
        long destinationDelayNs,
        long transportDelayNs,
        int processLimit) {
    /** Postfix's. */
    public static final TransportSettings DEFAULTS =
            new TransportSettings(20, 5, 50, Feedback.ONE, Feedback.ONE, 1, DeliverySlots.DEFAULTS, 0, 0, 0, 0, 0);

    public TransportSettings {
        Ranges.check("destination_concurrency_limit", concurrencyLimit, 0, Integer.MAX_VALUE);
        Ranges.check("initial_destination_concurrency", initialConcurrency, 1, Integer.MAX_VALUE);
        Ranges.check("destination_recipient_limit", recipientLimit, 0, Integer.MAX_VALUE);
        Ranges.check("destination_concurrency_failed_cohort_limit", cohortLimit, 0, Integer.MAX_VALUE);
        Ranges.check("site_concurrency_limit", siteConcurrencyLimit, 0, Integer.MAX_VALUE);
        Ranges.check("look_ahead", lookAhead, 0, 1000);
        Ranges.check("destination_rate_delay", destinationDelayNs, 0, Long.MAX_VALUE);
        Ranges.check("transport_rate_delay", transportDelayNs, 0, Long.MAX_VALUE);
        Ranges.check("maxproc", processLimit, 0, Integer.MAX_VALUE);
        if (destinationDelayNs > 0) {
            concurrencyLimit = 1;
            lookAhead = 0;
        }
        if (transportDelayNs > 0) {
            lookAhead = 0;
        }
        if (concurrencyLimit > 0) {
            initialConcurrency = Math.min(initialConcurrency, concurrencyLimit);
        }
    }

    public TransportSettings withConcurrency(int initial, int limit) {
        return new TransportSettings(
                limit,
                initial,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withFeedback(Feedback newPositive, Feedback newNegative, int newCohortLimit) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                newPositive,
                newNegative,
                newCohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withRecipientLimit(int limit) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                limit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withSlots(DeliverySlots newSlots) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                newSlots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    /** No more than so many at a time, whatever the limit. */
    public TransportSettings withConcurrencyAtMost(int most) {
        return new TransportSettings(
                concurrencyLimit == 0 ? most : Math.min(concurrencyLimit, most),
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withSiteConcurrency(int limit) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                limit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withLookAhead(int perPlace) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                perPlace,
                destinationDelayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withDestinationDelay(long delayNs) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                delayNs,
                transportDelayNs,
                processLimit);
    }

    public TransportSettings withTransportDelay(long delayNs) {
        return new TransportSettings(
                concurrencyLimit,
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                delayNs,
                processLimit);
    }

    /** No more than so many at a time, to one destination or to all. */
    public TransportSettings withProcesses(int most) {
        return new TransportSettings(
                concurrencyLimit == 0 ? most : Math.min(concurrencyLimit, most),
                initialConcurrency,
                recipientLimit,
                positive,
                negative,
                cohortLimit,
                slots,
                siteConcurrencyLimit,
                lookAhead,
                destinationDelayNs,
                transportDelayNs,
                most);
    }
}
