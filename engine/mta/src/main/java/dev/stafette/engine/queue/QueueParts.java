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
 * @param probes hears what they have found out
 * @param rules those of the start
 */
public record QueueParts(
        QueueInbox inbox,
        StorageSettings storage,
        SchedulerSettings scheduling,
        RouteResolver routes,
        Map<String, Transport> transports,
        Executor workers,
        ReportSource reportSource,
        QueueListener listener,
        ProbeListener probes,
        QueueRules rules) {}
