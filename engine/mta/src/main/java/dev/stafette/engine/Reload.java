// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.SchedulerSection;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.smtp.SmtpServer;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * {@code postfix reload}: reads the configuration again and gives each owner what is its. No connection is dropped, and
 * no window or timer is forgotten; when the files are wrong, nothing changes.
 * Thread: admin.
 */
final class Reload implements AutoCloseable {
    private final Executor workers;
    private final CurrentRoutes routes;
    private final Transports transports;
    private final SmtpServer server;
    private final @Nullable Pickup pickup;
    private final Bouncer bouncer;
    private final QueueInbox inbox;
    private final MailLog log;

    // Owned by the admin thread: what is in use, but for what needs a restart.
    private Configuration inUse;
    private ConfiguredParts parts;

    Reload(
            Configuration inUse,
            ConfiguredParts parts,
            Executor workers,
            CurrentRoutes routes,
            Transports transports,
            SmtpServer server,
            @Nullable Pickup pickup,
            Bouncer bouncer,
            QueueInbox inbox,
            MailLog log) {
        this.inUse = inUse;
        this.parts = parts;
        this.workers = workers;
        this.routes = routes;
        this.transports = transports;
        this.server = server;
        this.pickup = pickup;
        this.bouncer = bouncer;
        this.inbox = inbox;
        this.log = log;
    }

    /** Returns warnings, among them what needs a restart; a ConfigException says what is wrong. */
    List<String> run() {
        Configuration changed = Configuration.read(inUse.directory(), new LocalHost());
        List<String> warnings = new ArrayList<>(changed.check());
        warnings.addAll(changed.changesThatNeedRestart(inUse));
        SchedulerSettings scheduling = SchedulerSection.of(changed);
        ConfiguredParts next = ConfiguredParts.open(changed, workers, log, warnings::add);
        QueueCommand.Request reload = view -> view.reload(scheduling, next.queue());
        bouncer.reload(next.bounces());
        routes.reload(next);
        transports.reload(changed);
        inbox.offerPatiently(reload);
        log.reload(Mta.logSettings(changed.settings()));
        next.servers().forEach((row, settings) -> {
            String syslogName = changed.settings().forService(row).text("syslog_name");
            server.reload(row.name(), settings, log.withSyslogName(syslogName));
        });
        PickupSettings pickupSettings = next.pickup();
        if (pickup != null && pickupSettings != null) {
            pickup.reload(pickupSettings);
        }
        parts.close();
        parts = next;
        inUse = changed;
        log.info("postfix-script", "refreshing the Postfix mail system");
        return warnings;
    }

    @Override
    public void close() {
        parts.close();
    }
}
