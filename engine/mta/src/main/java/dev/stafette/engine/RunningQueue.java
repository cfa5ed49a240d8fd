// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.delivery.ClientRoom;
import dev.stafette.engine.delivery.Transports;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.event.OutcomeEvents;
import dev.stafette.engine.intake.CurrentIntake;
import dev.stafette.engine.intake.InboxIntake;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.local.ForwardedMail;
import dev.stafette.engine.local.LocalParts;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.QueueEvents;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.notice.NoticeWay;
import dev.stafette.engine.queue.QueueAgent;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueListener;
import dev.stafette.engine.queue.QueueParts;
import dev.stafette.engine.queue.QueueSpace;
import dev.stafette.engine.queue.SchedulerSection;
import dev.stafette.engine.queue.StorageSection;
import dev.stafette.engine.route.CurrentRoutes;
import dev.stafette.engine.tlsrpt.ReportMailbox;
import dev.stafette.engine.verify.AddressVerifier;
import dev.stafette.engine.verify.Prober;
import dev.stafette.storage.StorageSettings;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
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
        CurrentRoutes routes = new CurrentRoutes(configured.routes(), configured.probeRoutes(), configured.rewriter());
        ForwardedMail forwards = new ForwardedMail();
        NoticeWay notices = new NoticeWay();
        Transports transports = transports(configuration, configured, machinery, routes, forwards, notices);
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
                        events(machinery, transports),
                        machinery.addresses(),
                        configured.queue()),
                System.nanoTime(),
                onFatal);
        // Closed in reverse: no more attempts, then the sessions that are under way, then what is left to journal.
        parts.opened(agent);
        parts.opened(transports);
        parts.opened(agent::drain);
        queueIds.startAbove(agent.spool().greatestQueueId());
        QueueSpace space = QueueSpace.of(storage, agent.spool());
        tell(machinery.log(), agent, space);
        CurrentIntake reports = new CurrentIntake(configured.reports());
        InboxIntake intake = new InboxIntake(inbox, agent, queueIds);
        bouncer.open(new Bouncer.Way(
                loop(machinery.loops().in().next(), intake, Bouncer.BODY_BYTES_MAX), reports, machinery.log()));
        forwards.open(new ForwardedMail.Way(
                loop(machinery.loops().in().next(), intake, ForwardedMail.BODY_BYTES_MAX), reports, machinery.log()));
        machinery
                .reports()
                .open(new ReportMailbox(
                        loop(machinery.loops().in().next(), intake, ReportMailbox.BODY_BYTES_MAX),
                        reports,
                        machinery.log()));
        notices.open(loop(machinery.loops().in().next(), intake, NoticeWay.BODY_BYTES_MAX), machinery.log());
        AddressVerifier addresses = machinery.addresses();
        addresses.configure(configured.addresses());
        addresses.open(new Prober(loop(addresses.loop(), intake, Prober.BODY_BYTES_MAX), machinery.log()));
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

    private static Transports transports(
            Configuration configuration,
            ConfiguredParts configured,
            Machinery machinery,
            CurrentRoutes routes,
            ForwardedMail forwards,
            NoticeWay notices) {
        Transports transports = Transports.open(
                configuration,
                configured.tables(),
                configured.postmasters(),
                new ClientRoom(
                        machinery.loops().out(),
                        machinery.dns(),
                        machinery.workers(),
                        machinery.published(),
                        machinery.reports(),
                        notices),
                new LocalParts(
                        machinery.mailboxes(),
                        machinery.programs().commands(),
                        routes::resolve,
                        routes::rewriter,
                        forwards),
                machinery.programs(),
                machinery.log());
        machinery.metrics().addSource(Count.SESSIONS_OUT, transports::sessionCount);
        transports.handshakes().forEach(machinery.metrics()::addSource);
        return transports;
    }

    private static QueueListener events(Machinery machinery, Transports transports) {
        QueueListener logged = new QueueEvents(
                machinery.log(),
                machinery.metrics().openMeter("queue"),
                transports.logs(),
                machinery.addresses()::keepsFailures);
        EventLog events = machinery.events();
        return events == null ? logged : new OutcomeEvents(logged, events);
    }

    /** What it begins with. */
    private static void tell(MailLog log, QueueAgent agent, QueueSpace space) {
        log.info("qmgr", "queue has " + agent.recoveredCount() + " messages");
        log.info("qmgr", space.text());
        if (space.isShort()) {
            log.warning("qmgr", QueueSpace.CONSEQUENCE);
        }
    }

    /** By which mail of our own comes in. */
    private static IntakeLoop loop(EventExecutor owner, InboxIntake intake, long bodyBytesMax) {
        return new IntakeLoop(owner, ByteBufAllocator.DEFAULT, intake, ZoneId.systemDefault(), bodyBytesMax);
    }
}
