// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code relocated_maps}: recipients that have gone elsewhere (relocated(5)). It has the last word, so that it holds whatever
 * way mail would have gone.
 * Thread: any (it does not change).
 *
 * @param prefix what stands before the text of a row; empty where rows have it (relocated_prefix_enable)
 */
record RelocatedTable(List<Table> tables, AddressKeys keys, String prefix) {
    static RelocatedTable of(Settings settings, AddressKeys keys, ListTables tables) {
        return new RelocatedTable(
                settings.tables("relocated_maps", tables),
                keys,
                settings.flag("relocated_prefix_enable") ? "5.1.6 User has moved to " : "");
    }

    /** {@code route}, or one to nowhere; null when that cannot be told now. */
    @Nullable
    Route over(Route route, MailAddress recipient, Inquiry inquiry) {
        if (tables.isEmpty()) {
            return route;
        }
        TableAnswer answer = keys.find(tables, recipient, inquiry).answer();
        return switch (answer.finding()) {
            case FOUND -> new Route(ServiceTarget.ERROR, prefix + answer.value());
            case NOT_FOUND -> route;
            case UNAVAILABLE -> null;
        };
    }
}
