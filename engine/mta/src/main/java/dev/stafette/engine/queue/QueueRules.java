// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What decides about messages in the queue besides their scheduling.
 * Thread: any (a value).
 *
 * @param softBounce {@code soft_bounce}, by the name of a service: what would fail for good there is deferred
 * @param delayWarningNs {@code delay_warning_time}; 0: no warnings
 * @param warnsWithoutSender somebody hears of late mail that has no sender
 * @param probesMax {@code address_verify_pending_request_limit}
 */
public record QueueRules(Predicate<String> softBounce, long delayWarningNs, boolean warnsWithoutSender, int probesMax) {
    public static QueueRules of(Configuration configuration, boolean warnsWithoutSender) {
        Settings own = configuration.settingsOf("qmgr");
        return new QueueRules(
                softBounce(configuration),
                own.time("delay_warning_time").toNanos(),
                warnsWithoutSender,
                own.count("address_verify_pending_request_limit"));
    }

    /** Each transport goes by its own row, as in Postfix. */
    private static Predicate<String> softBounce(Configuration configuration) {
        Settings settings = configuration.settings();
        boolean usual = settings.flag("soft_bounce");
        Set<String> others = new HashSet<>();
        for (ServiceRow row : configuration.services()) {
            if (row.type() == ServiceRow.Type.UNIX && settings.forService(row).flag("soft_bounce") != usual) {
                others.add(row.name());
            }
        }
        return service -> others.contains(service) != usual;
    }
}
