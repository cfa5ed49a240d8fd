// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.delivery.Transport;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.StorageSettings;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What the queue agent is given by the process.
 *
 * @param transports by the name of their service in master.cf
 * @param workers for what may block
 * @param softBounce {@code soft_bounce}: what would fail for good is deferred
 * @param delayWarningNs {@code delay_warning_time}; 0: no warnings
 */
public record QueueWiring(
        QueueInbox inbox,
        StorageSettings storage,
        SchedulerSettings scheduling,
        RouteResolver routes,
        Map<String, Transport> transports,
        Executor workers,
        ReportSource reportSource,
        QueueListener listener,
        boolean softBounce,
        long delayWarningNs) {}
