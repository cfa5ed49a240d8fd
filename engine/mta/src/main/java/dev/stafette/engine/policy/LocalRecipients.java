// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.match.ListTable;
import dev.stafette.engine.match.Membership;
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

    private final List<ListTable> tables;
    private final String delimiters;

    /** @param delimiters {@code recipient_delimiter} */
    public LocalRecipients(List<ListTable> tables, String delimiters) {
        this.tables = List.copyOf(tables);
        this.delimiters = delimiters;
    }

    /** May block when the tables are not immediate. */
    public Membership find(MailAddress address) {
        if (tables.isEmpty()) {
            return Membership.IN;
        }
        String localPart = address.localPart().toLowerCase(Locale.ROOT);
        String domain = '@' + address.domainKey();
        String user = withoutExtension(localPart);
        Membership found = find(localPart + domain, true);
        if (found == Membership.OUT && user.length() < localPart.length()) {
            found = find(user + domain, false);
        }
        if (found == Membership.OUT) {
            found = find(localPart, false);
        }
        if (found == Membership.OUT && user.length() < localPart.length()) {
            found = find(user, false);
        }
        return found == Membership.OUT ? find(domain, false) : found;
    }

    private Membership find(String key, boolean isWhole) {
        for (int i = 0; i < tables.size(); i++) {
            ListTable table = tables.get(i);
            Membership found = isWhole || table.isFixedText() ? table.has(key) : Membership.OUT;
            if (found != Membership.OUT) {
                return found;
            }
        }
        return Membership.OUT;
    }

    private String withoutExtension(String localPart) {
        for (int i = 1; i < localPart.length(); i++) {
            if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
                return localPart.substring(0, i);
            }
        }
        return localPart;
    }

    /** Whether an event loop may ask it now; this may change with the tables. */
    boolean isImmediate() {
        for (int i = 0; i < tables.size(); i++) {
            if (!tables.get(i).isImmediate()) {
                return false;
            }
        }
        return true;
    }
}
