// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.delivery.Transport;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What the queue agent is made of.
 *
 * @param transports by the name of their service in master.cf
 * @param workers for what may block
 * @param rules those of the start
 */
record QueueParts(
        QueueInbox inbox,
        QueueClock clock,
        Spool spool,
        Scheduler scheduler,
        Routing routing,
        Map<String, Transport> transports,
        Executor workers,
        ReportSource reportSource,
        QueueListener listener,
        ActiveMessages active,
        QueueDomains domains,
        QueueRules rules) {}
