// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose mail is written here, so that addresses in its header get their complete form: {@code local_header_rewrite_clients}.
 * Thread: any (it does not change).
 */
final class LocalClients {
    private final boolean areTrusted;
    private final boolean areOwn;
    private final List<Table> tables;
    private final AddressClasses classes;

    private LocalClients(boolean areTrusted, boolean areOwn, List<Table> tables, AddressClasses classes) {
        this.areTrusted = areTrusted;
        this.areOwn = areOwn;
        this.tables = List.copyOf(tables);
        this.classes = classes;
    }

    /** A word that needs a certificate lets nobody in, and one that needs a login is asked when there is one. {@code opener}: opens the tables that the list names. */
    static LocalClients of(Settings settings, AddressClasses classes, ListTables opener) {
        List<String> words = settings.words("local_header_rewrite_clients");
        List<Table> tables = new ArrayList<>();
        for (String word : words) {
            if (word.indexOf(':') >= 0) {
                try {
                    tables.add(opener.open(word));
                } catch (ConfigException e) {
                    throw settings.bad("local_header_rewrite_clients", String.valueOf(e.getMessage()));
                }
            }
        }
        return new LocalClients(
                words.contains("permit_mynetworks"), words.contains("permit_inet_interfaces"), tables, classes);
    }

    /** Tables are asked for the client's address. */
    Finding find(ClientFacts client, Inquiry inquiry) {
        if (areTrusted && client.isTrusted() || areOwn && classes.isOwn(client.address())) {
            return Finding.FOUND;
        }
        boolean isUnavailable = areTrusted && client.trust() == Finding.UNAVAILABLE;
        for (int i = 0; i < tables.size(); i++) {
            switch (tables.get(i)
                    .lookup(IpText.format(client.address()), inquiry)
                    .finding()) {
                case FOUND -> {
                    return Finding.FOUND;
                }
                case UNAVAILABLE -> isUnavailable = true;
                case NOT_FOUND -> {}
            }
        }
        return isUnavailable ? Finding.UNAVAILABLE : Finding.NOT_FOUND;
    }
}
