// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.engine.config.ConcurrencyFeedback;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.scheduler.DeliverySlots;
import dev.stafette.scheduler.Feedback;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.scheduler.TransportSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What main.cf says to the scheduler. A transport's own parameters are found by its name, whatever that is.
 * Thread: start-up and reload.
 */
public final class SchedulerSection {
    /** Commands of rows whose transports know sites. */
    private static final Set<String> CLIENTS = Set.of("smtp", "lmtp");

    /** Commands of rows whose transports take what is for one mailbox together. */
    private static final Set<String> MAILBOXES = Set.of("local", "virtual");

    /** Of a mailbox, for each attempt that may be under way: they share its locks and its syncs. */
    private static final int MAILBOX_LOOK_AHEAD = 8;

    private SchedulerSection() {}

    public static SchedulerSettings of(Configuration configuration) {
        return of(configuration.settingsOf("qmgr"), configuration.services());
    }

    /** {@code settings}: of qmgr. {@code services}: the rows of master.cf. */
    public static SchedulerSettings of(Settings settings, List<ServiceRow> services) {
        Map<String, TransportSettings> transports = new HashMap<>();
        for (String transport : settings.transports()) {
            transports.put(transport, transport(settings, transport));
        }
        for (ServiceRow row : services) {
            transports.computeIfPresent(
                    row.name(),
                    (name, known) -> row.type() == ServiceRow.Type.INET ? known : ofRow(known, row, settings));
        }
        return new SchedulerSettings(
                defaults(settings),
                transports,
                nanos(settings, "minimal_backoff_time"),
                // Postfix takes a maximum below the minimum, and then waits the minimum.
                Math.max(nanos(settings, "minimal_backoff_time"), nanos(settings, "maximal_backoff_time")),
                nanos(settings, "maximal_queue_lifetime"),
                nanos(settings, "bounce_queue_lifetime"),
                settings.count("backoff_jitter_percent") / 100.0,
                settings.flag("dead_destination_probe"),
                settings.count("queue_recipient_limit"));
    }

    private static TransportSettings ofRow(TransportSettings transport, ServiceRow row, Settings settings) {
        int processesMax = processesMax(row, settings);
        if (!CLIENTS.contains(row.command())) {
            // Others know no sites, and have workers of their own for so many.
            TransportSettings limited = processesMax > 0 ? transport.withConcurrencyAtMost(processesMax) : transport;
            return MAILBOXES.contains(row.command()) && limited.recipientLimit() == 1
                    ? limited.withLookAhead(MAILBOX_LOOK_AHEAD)
                    : limited;
        }
        TransportSettings limited = processesMax > 0 ? transport.withProcesses(processesMax) : transport;
        return limited.withSiteConcurrency(settings.count(row.name() + "_site_concurrency_limit"))
                .withLookAhead(settings.forService(row).flag("smtp_pipeline_next_message") ? 1 : 0);
    }

    /** Where nobody has said how many, the scheduler's own limits hold. */
    private static int processesMax(ServiceRow row, Settings settings) {
        boolean isUsual = row.processesMax() == ServiceRow.PROCESSES_DEFAULT;
        return isUsual && settings.isSet("default_process_limit")
                ? settings.count("default_process_limit")
                : row.processesMax();
    }

    private static TransportSettings defaults(Settings settings) {
        return new TransportSettings(
                settings.count("default_destination_concurrency_limit"),
                settings.count("initial_destination_concurrency"),
                settings.count("default_destination_recipient_limit"),
                feedback(settings, "default_destination_concurrency_positive_feedback"),
                feedback(settings, "default_destination_concurrency_negative_feedback"),
                settings.count("default_destination_concurrency_failed_cohort_limit"),
                new DeliverySlots(
                        settings.count("default_delivery_slot_cost"),
                        settings.count("default_delivery_slot_loan"),
                        settings.count("default_delivery_slot_discount"),
                        settings.count("default_minimum_delivery_slots")),
                0,
                0,
                nanos(settings, "default_destination_rate_delay"),
                nanos(settings, "default_transport_rate_delay"),
                0);
    }

    private static TransportSettings transport(Settings settings, String transport) {
        return new TransportSettings(
                settings.count(transport + "_destination_concurrency_limit"),
                settings.count(transport + "_initial_destination_concurrency"),
                settings.count(transport + "_destination_recipient_limit"),
                feedback(settings, transport + "_destination_concurrency_positive_feedback"),
                feedback(settings, transport + "_destination_concurrency_negative_feedback"),
                settings.count(transport + "_destination_concurrency_failed_cohort_limit"),
                new DeliverySlots(
                        settings.count(transport + "_delivery_slot_cost"),
                        settings.count(transport + "_delivery_slot_loan"),
                        settings.count(transport + "_delivery_slot_discount"),
                        settings.count(transport + "_minimum_delivery_slots")),
                0,
                0,
                nanos(settings, transport + "_destination_rate_delay"),
                nanos(settings, transport + "_transport_rate_delay"),
                0);
    }

    private static Feedback feedback(Settings settings, String name) {
        ConcurrencyFeedback feedback = settings.feedback(name);
        return new Feedback(feedback.amount(), feedback.perConcurrency());
    }

    private static long nanos(Settings settings, String name) {
        return settings.time(name).toNanos();
    }
}
