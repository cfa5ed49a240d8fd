// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code transport_maps}: what goes another way than its class does (transport(5)).
 * Thread: any (it does not change).
 *
 * @param parentMatches a parent domain is looked up as it is, and else with a leading dot
 */
record TransportTable(List<Table> tables, AddressKeys keys, boolean parentMatches) {
    private static final String ANY = "*";

    static TransportTable of(Settings settings, RouteParameters names, AddressKeys keys, ListTables tables) {
        return new TransportTable(
                settings.tables(names.transportMaps(), tables),
                keys,
                settings.words("parent_domain_matches_subdomains").contains("transport_maps"));
    }

    /** {@code route}, or what is in its place; null when that cannot be told now. */
    @Nullable
    Route over(Route route, MailAddress recipient, Inquiry inquiry) {
        if (tables.isEmpty()) {
            return route;
        }
        TableAnswer answer = keys.findRoute(tables, recipient, parentMatches, inquiry);
        if (answer.finding() == Finding.NOT_FOUND) {
            answer = AddressKeys.findKey(tables, ANY, inquiry);
        }
        return switch (answer.finding()) {
            case FOUND -> ServiceTarget.parse(answer.value()).over(route, recipient.domainKey());
            case NOT_FOUND -> route;
            case UNAVAILABLE -> null;
        };
    }
}
