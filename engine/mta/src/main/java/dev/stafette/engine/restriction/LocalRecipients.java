// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.util.List;
import java.util.Locale;

/**
 * The recipients of {@code mydestination} that exist ({@code local_recipient_maps}).
 * Thread: any (it does not change).
 *
 * <p>Without tables all of them do. Keys are {@code user+ext@domain}, {@code user@domain}, {@code user+ext}, {@code user}
 * and {@code @domain}; each is looked up in all tables before the next, tables of patterns by the first alone.
 */
public final class LocalRecipients {
    public static final LocalRecipients ANY = new LocalRecipients(List.of(), "");

    private final List<Table> tables;
    private final String delimiters;

    /** @param delimiters {@code recipient_delimiter} */
    public LocalRecipients(List<Table> tables, String delimiters) {
        this.tables = List.copyOf(tables);
        this.delimiters = delimiters;
    }

    public Finding find(MailAddress address, Inquiry inquiry) {
        if (tables.isEmpty()) {
            return Finding.FOUND;
        }
        String localPart = address.localPart().toLowerCase(Locale.ROOT);
        String domain = '@' + address.domainKey();
        String user = withoutExtension(localPart);
        Finding found = find(localPart + domain, true, inquiry);
        if (found == Finding.NOT_FOUND && user.length() < localPart.length()) {
            found = find(user + domain, false, inquiry);
        }
        if (found == Finding.NOT_FOUND) {
            found = find(localPart, false, inquiry);
        }
        if (found == Finding.NOT_FOUND && user.length() < localPart.length()) {
            found = find(user, false, inquiry);
        }
        return found == Finding.NOT_FOUND ? find(domain, false, inquiry) : found;
    }

    private Finding find(String key, boolean isWhole, Inquiry inquiry) {
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            Finding found =
                    isWhole || table.isFixedText() ? table.lookup(key, inquiry).finding() : Finding.NOT_FOUND;
            if (found != Finding.NOT_FOUND) {
                return found;
            }
        }
        return Finding.NOT_FOUND;
    }

    private String withoutExtension(String localPart) {
        for (int i = 1; i < localPart.length(); i++) {
            if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
                return localPart.substring(0, i);
            }
        }
        return localPart;
    }
}
