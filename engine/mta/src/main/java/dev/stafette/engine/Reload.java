// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.event.EventLogSettings;
import dev.stafette.engine.log.LogSettings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.SchedulerSection;
import dev.stafette.scheduler.SchedulerSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code postfix reload}: reads the configuration again and gives each owner what is its. No connection is dropped, and
 * no window or timer is forgotten; when the files are wrong, nothing changes.
 * Thread: admin.
 */
final class Reload implements AutoCloseable {
    private final Machinery machinery;
    private final RunningQueue queue;
    private final Entrances entrances;

    // Owned by the admin thread: what is in use, but for what needs a restart.
    private Configuration inUse;
    private ConfiguredParts parts;

    Reload(Configuration inUse, ConfiguredParts parts, Machinery machinery, RunningQueue queue, Entrances entrances) {
        this.inUse = inUse;
        this.parts = parts;
        this.machinery = machinery;
        this.queue = queue;
        this.entrances = entrances;
    }

    /** Returns warnings, among them what needs a restart; a ConfigException says what is wrong. */
    List<String> run() {
        MailLog log = machinery.log();
        Configuration changed = Configuration.read(inUse.directory(), new LocalHost());
        List<String> warnings = new ArrayList<>(changed.check(Sections::check));
        warnings.addAll(changed.changesThatNeedRestart(inUse));
        EventLog events = machinery.events();
        EventLogSettings told = events == null ? null : EventLogSettings.of(changed.settings());
        SchedulerSettings scheduling = SchedulerSection.of(changed);
        ConfiguredParts next = ConfiguredParts.open(changed, machinery, warnings::add);
        queue.bouncer().reload(next.bounces());
        queue.routes().reload(next.routes(), next.probeRoutes(), next.rewriter());
        machinery.addresses().configure(next.addresses());
        queue.reports().reload(next.reports());
        queue.requeued().reload(next.requeued());
        log.reload(LogSettings.of(changed.settings()));
        Runnable retire = queue.transports().reload(changed, next.tables(), next.postmasters());
        // On the queue's thread: whatever it has handed to the old transports it has handed over by then.
        QueueCommand.Request reload = view -> {
            view.reload(scheduling, next.queue());
            retire.run();
        };
        queue.inbox().offerPatiently(reload);
        if (events != null && told != null) {
            events.reload(told);
        }
        next.servers().forEach((row, settings) -> {
            String syslogName = changed.settings().forService(row).text("syslog_name");
            MailLog named = log.withSyslogName(syslogName, row.command());
            if (row.type() == ServiceRow.Type.PASS) {
                entrances.server().reloadPassed(row.name(), settings, named);
            } else {
                entrances.server().reload(row.name(), settings, named);
            }
        });
        next.screens().forEach((row, settings) -> {
            String syslogName = changed.settings().forService(row).text("syslog_name");
            entrances.screens().reload(row.name(), settings, log.withSyslogName(syslogName, row.command()));
        });
        entrances.programs().reload(changed);
        Pickup pickup = entrances.pickup();
        PickupSettings pickupSettings = next.pickup();
        if (pickup != null && pickupSettings != null) {
            pickup.reload(pickupSettings);
        }
        parts.close();
        parts = next;
        inUse = changed;
        log.info("postfix-script", "refreshing the Postfix mail system");
        log.info("master", "reload -- " + changed.identity());
        return warnings;
    }

    @Override
    public void close() {
        parts.close();
    }
}
