// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;

/**
 * By which keys hosts are looked up in access tables, and in which order.
 * Thread: any (it does not change).
 *
 * <pre>
 * name      host.example.com  example.com  com        or, with a leading dot:  .example.com  .com
 * address   192.0.2.7  192.0.2  192.0  192            2001:db8::1  2001:db8:  2001:db8  2001
 * </pre>
 * Tables of patterns are asked for the whole alone. What looks like an address has no parents.
 *
 * @param parentMatches a parent domain is looked up as it is, and else with a leading dot
 */
record HostKeys(boolean parentMatches) {
    /** {@code smtpd_access_maps} in parent_domain_matches_subdomains. */
    private static final String LIST = "smtpd_access_maps";

    static HostKeys of(Settings settings) {
        return new HostKeys(settings.words("parent_domain_matches_subdomains").contains(LIST));
    }

    TableAnswer findName(Table table, String name, Inquiry inquiry) {
        if (name.isEmpty()) {
            return TableAnswer.notFound();
        }
        TableAnswer found = table.lookup(name, inquiry);
        if (found.finding() != Finding.NOT_FOUND || !table.isFixedText() || isAddress(name)) {
            return found;
        }
        int dot = name.indexOf('.', 1);
        while (dot >= 0 && found.finding() == Finding.NOT_FOUND) {
            int from = parentMatches ? dot + 1 : dot;
            if (from < name.length()) {
                found = table.lookup(name.substring(from), inquiry);
            }
            dot = name.indexOf('.', dot + 1);
        }
        return found;
    }

    private static boolean isAddress(String name) {
        char last = name.charAt(name.length() - 1);
        return (last >= '0' && last <= '9' || name.indexOf(':') >= 0) && IpText.parse(name) != null;
    }

    TableAnswer findAddress(Table table, String address, Inquiry inquiry) {
        TableAnswer found = table.lookup(address, inquiry);
        char delimiter = address.indexOf(':') >= 0 ? ':' : '.';
        int end = table.isFixedText() ? address.lastIndexOf(delimiter) : -1;
        while (end > 0 && found.finding() == Finding.NOT_FOUND) {
            found = table.lookup(address.substring(0, end), inquiry);
            end = address.lastIndexOf(delimiter, end - 1);
        }
        return found;
    }
}
