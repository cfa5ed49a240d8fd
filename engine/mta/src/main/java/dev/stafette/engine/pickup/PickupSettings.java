// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says to the pickup service.
 * Thread: any (a value).
 *
 * @param origin {@code myorigin}: the domain of whoever sends mail back
 * @param wakeupSeconds how often it looks without being woken; 0: never
 * @param messageBytesMax {@code message_size_limit} of the row and of its cleanup row; 0: none
 * @param returnWording what the sender of refused mail is told
 */
public record PickupSettings(
        String hostName,
        String origin,
        EnvelopeRewriter rewriter,
        IntakeSettings intake,
        int wakeupSeconds,
        long messageBytesMax,
        ReportWording returnWording) {
    /** The service's row of master.cf; null when there is none. */
    public static @Nullable ServiceRow row(List<ServiceRow> services) {
        for (ServiceRow row : services) {
            if (row.type() != ServiceRow.Type.INET && row.command().equals(Pickup.PROGRAM)) {
                return row;
            }
        }
        return null;
    }

    /** {@code settings}: main.cf, over which what the row overrides is laid here. {@code tables}: opens those of its lists. */
    public static PickupSettings of(
            Settings settings,
            ServiceRow row,
            ListTables tables,
            CleanupServices cleanups,
            ReportWording returnWording) {
        Settings own = settings.forService(row);
        Settings resolver = own.ofResolver();
        AddressRewriter addresses = AddressRewriter.of(resolver, AddressClasses.of(resolver, tables));
        return new PickupSettings(
                own.text("myhostname"),
                own.text("myorigin"),
                new EnvelopeRewriter(addresses),
                cleanups.of(own),
                row.wakeupSeconds(),
                cleanups.messageBytesMax(own),
                returnWording);
    }
}
