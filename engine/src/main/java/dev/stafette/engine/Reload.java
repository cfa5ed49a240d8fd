// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.engine.bounce.BounceSettings;
import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.LocalHost;
import dev.stafette.engine.config.SchedulerSection;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.smtp.SmtpServer;
import dev.stafette.engine.smtp.SmtpServerSettings;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code postfix reload}: reads the configuration again and gives each owner what is its. No connection is dropped, and
 * no window or timer is forgotten; when the files are wrong, nothing changes.
 * Thread: admin.
 */
final class Reload {
    private final CurrentRoutes routes;
    private final Transports transports;
    private final SmtpServer server;
    private final @Nullable Pickup pickup;
    private final Bouncer bouncer;
    private final QueueInbox inbox;
    private final MailLog log;

    // Owned by the admin thread: what is in use, but for what needs a restart.
    private Configuration inUse;

    Reload(
            Configuration inUse,
            CurrentRoutes routes,
            Transports transports,
            SmtpServer server,
            @Nullable Pickup pickup,
            Bouncer bouncer,
            QueueInbox inbox,
            MailLog log) {
        this.inUse = inUse;
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
        Settings settings = changed.settings();
        SchedulerSettings scheduling = SchedulerSection.of(changed);
        BounceSettings bounces = BounceSettings.of(settings, warnings::add);
        QueueCommand.Request reload = view -> view.scheduler().reload(scheduling);
        bouncer.reload(bounces);
        routes.reload(settings);
        transports.reload(changed);
        inbox.offerPatiently(reload);
        for (ServiceRow row : changed.services()) {
            if (row.type() == ServiceRow.Type.INET && row.command().equals("smtpd")) {
                String syslogName = settings.forService(row).text("syslog_name");
                server.reload(row.name(), SmtpServerSettings.of(settings, row), log.withSyslogName(syslogName));
            }
        }
        ServiceRow pickupRow = PickupSettings.row(changed.services());
        if (pickup != null && pickupRow != null) {
            pickup.reload(PickupSettings.of(settings, pickupRow, bounces.wording(DsnKind.FAILED)));
        }
        inUse = changed;
        log.info("postfix-script", "refreshing the Postfix mail system");
        return warnings;
    }
}
