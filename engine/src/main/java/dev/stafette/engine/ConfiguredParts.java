// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.engine.bounce.BounceSettings;
import dev.stafette.engine.config.ConfigException;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.queue.QueueRules;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.ClassRoutes;
import dev.stafette.engine.smtp.SmtpServerSettings;
import dev.stafette.engine.table.OpenTables;
import dev.stafette.engine.table.TableHost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration says to the owners of the process that a reload reaches, made whole before any of it is used: it
 * throws a ConfigException, and nothing has changed.
 * Thread: start-up and admin.
 *
 * @param rewriter completes addresses of mail that comes in again
 * @param servers by the smtpd rows of master.cf
 * @param pickup null without a row for it
 * @param tables those that lists name
 */
record ConfiguredParts(
        ClassRoutes routes,
        AddressRewriter rewriter,
        QueueRules queue,
        BounceSettings bounces,
        Map<ServiceRow, SmtpServerSettings> servers,
        @Nullable PickupSettings pickup,
        OpenTables tables)
        implements AutoCloseable {
    /**
     * @param workers where files of tables that have changed are read again
     * @param warnings gets what is wrong with templates of reports, which are left out
     */
    static ConfiguredParts open(Configuration configuration, Executor workers, MailLog log, Consumer<String> warnings) {
        OpenTables tables = new OpenTables(TableHost.of(
                configuration.settings(),
                configuration.queueDirectory(),
                text -> log.warning("trivial-rewrite", text),
                System::nanoTime,
                workers));
        try {
            return of(configuration, tables, warnings);
        } catch (ConfigException e) {
            tables.close();
            throw e;
        }
    }

    private static ConfiguredParts of(Configuration configuration, OpenTables tables, Consumer<String> warnings) {
        Settings settings = configuration.settings();
        AddressClasses classes = AddressClasses.of(settings, tables);
        Map<ServiceRow, SmtpServerSettings> servers = new LinkedHashMap<>();
        for (ServiceRow row : configuration.services()) {
            if (row.type() == ServiceRow.Type.INET && row.command().equals("smtpd")) {
                servers.put(row, SmtpServerSettings.of(settings, row, tables));
            }
        }
        BounceSettings bounces = BounceSettings.of(settings, warnings);
        ServiceRow pickupRow = PickupSettings.row(configuration.services());
        return new ConfiguredParts(
                ClassRoutes.of(settings, classes),
                AddressRewriter.of(settings, classes),
                new QueueRules(
                        settings.flag("soft_bounce"),
                        settings.time("delay_warning_time").toNanos()),
                bounces,
                servers,
                pickupRow == null
                        ? null
                        : PickupSettings.of(settings, pickupRow, tables, bounces.wording(DsnKind.FAILURE)),
                tables);
    }

    /** Sessions that began with these parts go on with them. */
    @Override
    public void close() {
        tables.close();
    }
}
