// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.delivery.Transports;
import dev.stafette.engine.intake.CurrentIntake;
import dev.stafette.engine.intake.InboxIntake;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.log.QueueEvents;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.queue.QueueAgent;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueParts;
import dev.stafette.engine.queue.QueueSpace;
import dev.stafette.engine.queue.SchedulerSection;
import dev.stafette.engine.queue.StorageSection;
import dev.stafette.engine.route.CurrentRoutes;
import dev.stafette.storage.StorageSettings;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBufAllocator;
import java.time.ZoneId;
import java.util.function.Consumer;

/**
 * The queue with its agent at work, and what the agent asks: routes, ways out, reports.
 * Thread: start-up; its parts are for any.
 *
 * @param reports how reports come in
 * @param requeued how mail comes in once more
 * @param space what it started with
 */
record RunningQueue(
        QueueInbox inbox,
        QueueId.Source queueIds,
        CurrentRoutes routes,
        Transports transports,
        Bouncer bouncer,
        CurrentIntake reports,
        CurrentIntake requeued,
        QueueAgent agent,
        QueueSpace space) {
    /** {@code onFatal}: hears why the agent cannot go on. */
    static RunningQueue start(
            Configuration configuration,
            ConfiguredParts configured,
            Machinery machinery,
            OpenParts parts,
            Consumer<Throwable> onFatal) {
        QueueInbox inbox = new QueueInbox();
        QueueId.Source queueIds = new QueueId.Source(0, QueueId.NONE);
        CurrentRoutes routes = new CurrentRoutes(configured.routes(), configured.rewriter());
        Transports transports = Transports.open(
                configuration,
                configured.tables(),
                machinery.loops().out(),
                machinery.dns(),
                machinery.workers(),
                machinery.log());
        machinery.metrics().addSource(Count.SESSIONS_OUT, transports::sessionCount);
        Bouncer bouncer = new Bouncer(configured.bounces(), machinery.workers());
        StorageSettings storage = StorageSection.of(configuration.settings(), configuration.queueDirectory());
        QueueAgent agent = QueueAgent.open(
                new QueueParts(
                        inbox,
                        storage,
                        SchedulerSection.of(configuration),
                        routes,
                        transports.byService(),
                        machinery.workers(),
                        bouncer,
                        new QueueEvents(machinery.log(), machinery.metrics().openMeter("queue"), transports.programs()),
                        configured.queue()),
                System.nanoTime(),
                onFatal);
        // Closed in reverse: no more attempts, then the sessions that are under way, then what is left to journal.
        parts.opened(agent);
        parts.opened(transports);
        parts.opened(agent::drain);
        queueIds.startAbove(agent.spool().greatestQueueId());
        machinery.log().info("qmgr", "queue has " + agent.recoveredCount() + " messages");
        QueueSpace space = QueueSpace.of(storage, agent.spool());
        machinery.log().info("qmgr", space.text());
        if (space.isShort()) {
            machinery.log().warning("qmgr", QueueSpace.CONSEQUENCE);
        }
        CurrentIntake reports = new CurrentIntake(configured.reports());
        bouncer.open(new Bouncer.Way(
                new IntakeLoop(
                        machinery.loops().in().next(),
                        ByteBufAllocator.DEFAULT,
                        new InboxIntake(inbox, agent, queueIds),
                        ZoneId.systemDefault(),
                        Bouncer.BODY_BYTES_MAX),
                reports,
                machinery.log()));
        agent.start();
        return new RunningQueue(
                inbox,
                queueIds,
                routes,
                transports,
                bouncer,
                reports,
                new CurrentIntake(configured.requeued()),
                agent,
                space);
    }
}
