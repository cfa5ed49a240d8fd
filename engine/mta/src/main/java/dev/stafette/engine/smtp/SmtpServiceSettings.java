// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.ListenAddresses;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.match.ListTables;
import java.time.Duration;

/**
 * One smtpd row of master.cf: how many sessions it may have, and how they go, now and under stress.
 * Thread: any (a value).
 *
 * @param calm with an empty {@code $stress}
 * @param stressed with {@code stress = yes}
 * @param knowsStress as in Postfix, not for a service on loopback alone, nor for one of a single session:
 *     for that, both settings are the same
 * @param stressHold {@code stress_hold_time}
 */
public record SmtpServiceSettings(
        SmtpServerSettings calm,
        SmtpServerSettings stressed,
        boolean knowsStress,
        SessionCap cap,
        Duration stressHold) {
    /** {@code settings}: main.cf; the overrides of the row are applied here. {@code tables}: opens those of its lists. */
    public static SmtpServiceSettings of(
            Settings settings,
            ServiceRow row,
            ListTables tables,
            CleanupServices cleanups,
            ServiceSources sources,
            ProcessRoom room) {
        Settings own = settings.forService(row);
        SessionCap cap = SessionCap.of(own, row, room);
        boolean isPass = row.type() == ServiceRow.Type.PASS;
        // Behind a screen clients are likely to be remote ones.
        boolean isLocal = !isPass
                && ListenAddresses.of(row, own).stream()
                        .allMatch(address -> address.getAddress().isLoopbackAddress());
        ServiceRow asked = isPass ? row.withoutProxy() : row;
        boolean knowsStress = !isLocal && cap.sessionsMax() > 1;
        SmtpServerSettings calm = SmtpServerSettings.of(
                settings, knowsStress ? asked.withStress(false) : asked, tables, cleanups, sources);
        return new SmtpServiceSettings(
                calm,
                knowsStress ? SmtpServerSettings.of(settings, asked.withStress(true), tables, cleanups, sources) : calm,
                knowsStress,
                cap,
                own.time("stress_hold_time"));
    }
}
