// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sender has instead of what holds for all: {@code sender_dependent_relayhost_maps} or
 * {@code sender_dependent_default_transport_maps}.
 * Thread: any (it does not change).
 *
 * @param nullKey what the null sender is looked up by
 */
record SenderTable(List<Table> tables, AddressKeys keys, String nullKey) {
    /** In a table: what holds for all holds for this sender. */
    private static final String DUNNO = "DUNNO";

    static SenderTable relayHosts(Settings settings, RouteParameters names, AddressKeys keys, ListTables tables) {
        return new SenderTable(
                settings.tables(names.senderRelayHosts(), tables),
                keys,
                settings.text("empty_address_relayhost_maps_lookup_key"));
    }

    static SenderTable transports(Settings settings, RouteParameters names, AddressKeys keys, ListTables tables) {
        return new SenderTable(
                settings.tables(names.senderTransports(), tables),
                keys,
                settings.text("empty_address_default_transport_maps_lookup_key"));
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** {@code otherwise} when it has nothing for the sender; null when that cannot be told now. */
    @Nullable
    String find(MailAddress sender, String otherwise, Inquiry inquiry) {
        TableAnswer answer = sender.isNull()
                ? AddressKeys.findKey(tables, nullKey, inquiry)
                : keys.find(tables, sender, inquiry).answer();
        return switch (answer.finding()) {
            case FOUND -> answer.value().equalsIgnoreCase(DUNNO) ? otherwise : answer.value();
            case NOT_FOUND -> otherwise;
            case UNAVAILABLE -> null;
        };
    }
}
