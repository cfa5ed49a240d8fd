// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.engine.admin.AdminCommands;
import dev.stafette.engine.admin.AdminParts;
import dev.stafette.engine.admin.AdminServer;
import dev.stafette.engine.admin.AgentChanges;
import dev.stafette.engine.admin.AgentQueue;
import dev.stafette.engine.admin.AgentReader;
import dev.stafette.engine.admin.ListedUsers;
import dev.stafette.engine.admin.MaildropQueue;
import dev.stafette.engine.admin.ProcessControl;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.admin.SighupReload;
import dev.stafette.engine.admin.StageLatencies;
import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.DnsSection;
import dev.stafette.engine.config.ListenAddresses;
import dev.stafette.engine.config.SchedulerSection;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.StorageSection;
import dev.stafette.engine.intake.InboxIntake;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.log.LogSettings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.QueueEvents;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.PickupParts;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.pickup.Requeuer;
import dev.stafette.engine.pickup.WaitingMail;
import dev.stafette.engine.queue.QueueAgent;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.QueueWiring;
import dev.stafette.engine.smtp.SmtpServer;
import dev.stafette.engine.smtp.SmtpServerParts;
import dev.stafette.engine.smtp.SmtpServiceSettings;
import dev.stafette.storage.StorageSettings;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The running process: what it is made of, started in order and closed in reverse.
 * Thread: start-up and shutdown; {@link #stopAndWait} any.
 */
public final class Mta implements AutoCloseable {
    /** The process cannot go on: storage is unwell. A supervisor starts it again, and replay is the way back. */
    private static final int HALTED = 70;

    private final Configuration configuration;
    private final ArrayDeque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final MailLog log;
    private @Nullable QueueSpace space;

    private Mta(Configuration configuration, QueueDirectory directory) throws IOException {
        this.configuration = configuration;
        Settings settings = configuration.settings();
        this.log = opened(MailLog.open(logSettings(settings)));
        try {
            open(settings, directory);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(Settings settings, QueueDirectory directory) throws IOException {
        Metrics metrics = new Metrics(System.currentTimeMillis());
        QueueInbox inbox = new QueueInbox();
        QueueId.Source queueIds = new QueueId.Source(0, QueueId.NONE);
        Workers workers = opened(Workers.ofDisk());
        Workers lookups = opened(Workers.ofLookups());
        SessionLoops loops = opened(SessionLoops.start());
        DnsClients dns = opened(new DnsClients(DnsSection.of(settings), loops.in(), loops.out()));
        ConfiguredParts configured =
                ConfiguredParts.open(configuration, workers, log, warning -> log.warning("bounce", warning));
        CurrentRoutes routes = new CurrentRoutes(configured);
        Transports transports = Transports.open(configuration, loops.out(), dns, workers, log);
        metrics.addSource(Count.SESSIONS_OUT, transports::sessionCount);
        Bouncer bouncer = new Bouncer(configured.bounces(), inbox, queueIds, workers);
        StorageSettings storage = StorageSection.of(settings, configuration.queueDirectory());
        QueueAgent agent = QueueAgent.open(
                new QueueWiring(
                        inbox,
                        storage,
                        SchedulerSection.of(configuration),
                        routes,
                        transports.byService(),
                        workers,
                        lookups,
                        bouncer,
                        new QueueEvents(log, metrics.openMeter("queue"), transports.programs()),
                        configured.queue()),
                System.nanoTime(),
                this::onFatal);
        // Closed in reverse: no more attempts, then the sessions that are under way, then what is left to journal.
        parts.push(agent);
        parts.push(transports);
        parts.push(agent::drain);
        queueIds.startAbove(agent.spool().greatestQueueId());
        log.info("qmgr", "queue has " + agent.recoveredCount() + " messages");
        space = tellSpace(QueueSpace.of(storage, agent.spool()));
        agent.start();
        InboxIntake intake = new InboxIntake(inbox, agent, queueIds);
        SmtpServer server = listen(configured, loops, dns, lookups, intake, metrics);
        Pickup pickup = openPickup(configured, loops, intake);
        Reload reload = opened(new Reload(
                configuration, configured, workers, routes, transports, server, pickup, bouncer, inbox, log));
        EventLoop loop = loops.in().next();
        Requeuer requeuer = new Requeuer(new Requeuer.Parts(
                new IntakeLoop(loop, ByteBufAllocator.DEFAULT, intake, ZoneId.systemDefault(), Requeuer.BODY_BYTES_MAX),
                loop,
                agent.spool(),
                workers,
                IntakeSettings.of(settings, configured.rewriter()),
                routes::rewriter,
                log));
        AdminParts administered = new AdminParts(
                new Control(reload),
                new AgentQueue(inbox, agent.spool(), workers),
                new AgentChanges(inbox, log, queueIds, requeuer),
                new AgentReader(inbox, agent.spool(), workers),
                new MaildropQueue(new WaitingMail(new Maildrop(configuration.queueDirectory())), workers, pickup),
                new StageLatencies(metrics));
        administer(directory, administered, workers);
    }

    private QueueSpace tellSpace(QueueSpace found) {
        log.info("qmgr", found.text());
        if (found.isShort()) {
            log.warning("qmgr", QueueSpace.CONSEQUENCE);
        }
        return found;
    }

    private void administer(QueueDirectory directory, AdminParts administered, Workers workers) throws IOException {
        opened(AdminServer.open(directory.adminSocket(), AdminCommands.of(administered)));
        ListedUsers users = new ListedUsers(configuration.directory(), workers);
        opened(AdminServer.openToUsers(directory.userSocket(), AdminCommands.forUsers(administered, users)));
        SighupReload.reloads(directory.adminSocket(), log);
    }

    private SmtpServer listen(
            ConfiguredParts configured,
            SessionLoops loops,
            DnsClients dns,
            Workers lookups,
            InboxIntake intake,
            Metrics metrics)
            throws IOException {
        SmtpServer server = opened(new SmtpServer(new SmtpServerParts(
                loops.in(),
                intake,
                lookups,
                metrics,
                dns::of,
                ZoneId.systemDefault(),
                SmtpServerParts.BODY_BYTES_MAX,
                configured.room().sessionsMax())));
        for (Map.Entry<ServiceRow, SmtpServiceSettings> service :
                configured.servers().entrySet()) {
            ServiceRow row = service.getKey();
            Settings own = configuration.settings().forService(row);
            server.listen(
                    row.name(),
                    ListenAddresses.of(row, own),
                    service.getValue(),
                    log.withSyslogName(own.text("syslog_name")));
        }
        return server;
    }

    /** Null without a row for it: then what local programs hand in stays where it is. */
    private @Nullable Pickup openPickup(ConfiguredParts configured, SessionLoops loops, InboxIntake intake)
            throws IOException {
        PickupSettings pickup = configured.pickup();
        if (pickup == null) {
            return null;
        }
        Settings settings = configuration.settings();
        Maildrop maildrop = new Maildrop(configuration.queueDirectory());
        maildrop.create(settings.text("mail_owner"), settings.text("setgid_group"));
        PickupParts parts = new PickupParts(maildrop, loops.in().next(), intake, log, ZoneId.systemDefault());
        return opened(Pickup.open(parts, pickup));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    static LogSettings logSettings(Settings settings) {
        String file = settings.text("maillog_file");
        return new LogSettings(
                file.isEmpty() ? null : Path.of(file),
                settings.choice("maillog_file_permissions"),
                settings.choice("syslog_facility"),
                settings.text("myhostname"),
                settings.text("syslog_name"),
                ProcessHandle.current().pid(),
                settings.count("delay_logging_resolution_limit"),
                ZoneId.systemDefault());
    }

    /** Returns when the ports are open. The caller holds the lock of the directory. */
    public static Mta start(Configuration configuration, QueueDirectory directory) throws IOException {
        return new Mta(configuration, directory);
    }

    /** What it started with; null when it has not. */
    public @Nullable QueueSpace space() {
        return space;
    }

    private void onFatal(Throwable broken) {
        log.fatal("qmgr", "the queue agent cannot go on: " + broken);
        log.close();
        Runtime.getRuntime().halt(HALTED);
    }

    /** Blocks until somebody asks the process to stop. */
    public void awaitEnd() {
        try {
            stopAsked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the process to stop and blocks until it has; for the shutdown hook. */
    public void stopAndWait() {
        stopAsked.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        Exception first = null;
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        ended.countDown();
        if (first != null) {
            throw new IOException("not closed in good order: " + first, first);
        }
    }

    /** Administration of the process. */
    private final class Control implements ProcessControl {
        private final Reload reload;

        Control(Reload reload) {
            this.reload = reload;
        }

        @Override
        public void stop() {
            stopAsked.countDown();
        }

        @Override
        public void abort() {
            Runtime.getRuntime().halt(0);
        }

        @Override
        public List<String> reload() {
            return reload.run();
        }
    }
}
