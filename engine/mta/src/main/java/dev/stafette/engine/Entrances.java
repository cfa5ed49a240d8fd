// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ListenAddresses;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.InboxIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.PickupParts;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.pipe.SpawnServices;
import dev.stafette.engine.screen.ScreenParts;
import dev.stafette.engine.screen.ScreenServer;
import dev.stafette.engine.screen.ScreenSettings;
import dev.stafette.engine.smtp.PassGate;
import dev.stafette.engine.smtp.SmtpServer;
import dev.stafette.engine.smtp.SmtpServerParts;
import dev.stafette.engine.smtp.SmtpServiceSettings;
import java.io.IOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ways in: SMTP, and what local programs leave in {@code maildrop/}.
 * Thread: start-up; its parts are for any.
 *
 * @param programs that answer on sockets
 * @param pickup null without a row for it: then what local programs hand in stays where it is
 */
record Entrances(
        InboxIntake intake,
        SmtpServer server,
        ScreenServer screens,
        SpawnServices programs,
        @Nullable Pickup pickup) {
    /** Returns when the ports are open. */
    static Entrances open(
            Configuration configuration,
            ConfiguredParts configured,
            Machinery machinery,
            RunningQueue queue,
            OpenParts parts)
            throws IOException {
        InboxIntake intake = new InboxIntake(queue.inbox(), queue.agent(), queue.queueIds());
        // Servers ask some of them from their first session on.
        SpawnServices programs = parts.opened(SpawnServices.open(
                configuration,
                machinery.programs().conversations(),
                text -> machinery.log().warning("spawn", text)));
        SmtpServer server = parts.opened(server(configured, machinery, intake));
        Map<String, PassGate> passGates = new HashMap<>();
        for (Map.Entry<ServiceRow, SmtpServiceSettings> service :
                configured.servers().entrySet()) {
            ServiceRow row = service.getKey();
            Settings own = configuration.settings().forService(row);
            MailLog log = machinery.log().withSyslogName(own.text("syslog_name"), row.command());
            if (row.type() == ServiceRow.Type.PASS) {
                passGates.put(row.name(), server.openToPassed(row.name(), service.getValue(), log));
            } else {
                server.listen(row.name(), ListenAddresses.of(row, own), service.getValue(), log);
            }
        }
        ScreenServer screens = parts.opened(new ScreenServer(
                new ScreenParts(machinery.loops().in(), server.room(), machinery.dns()::of, machinery.workers())));
        for (Map.Entry<ServiceRow, ScreenSettings> service :
                configured.screens().entrySet()) {
            ServiceRow row = service.getKey();
            Settings own = configuration.settings().forService(row);
            screens.listen(
                    row.name(),
                    ListenAddresses.of(row, own),
                    service.getValue(),
                    machinery.log().withSyslogName(own.text("syslog_name"), row.command()),
                    passGates.get(service.getValue().passService()));
        }
        PickupSettings pickup = configured.pickup();
        return new Entrances(
                intake,
                server,
                screens,
                programs,
                pickup == null ? null : parts.opened(pickup(configuration, pickup, machinery, intake)));
    }

    private static SmtpServer server(ConfiguredParts configured, Machinery machinery, InboxIntake intake) {
        return new SmtpServer(new SmtpServerParts(
                machinery.loops().in(),
                intake,
                machinery.metrics(),
                machinery.dns()::of,
                ZoneId.systemDefault(),
                SmtpServerParts.BODY_BYTES_MAX,
                configured.room().sessionsMax()));
    }

    private static Pickup pickup(
            Configuration configuration, PickupSettings pickup, Machinery machinery, InboxIntake intake)
            throws IOException {
        Settings settings = configuration.settings();
        Maildrop maildrop = new Maildrop(configuration.queueDirectory());
        maildrop.create(settings.text("mail_owner"), settings.text("setgid_group"));
        return Pickup.open(
                new PickupParts(
                        maildrop, machinery.loops().in().next(), intake, machinery.log(), ZoneId.systemDefault()),
                pickup);
    }
}
