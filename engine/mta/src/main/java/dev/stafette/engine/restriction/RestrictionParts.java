// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;

/**
 * What checks are made of beside their argument.
 * Thread: any (a value).
 *
 * @param relayCode {@code relay_domains_reject_code}
 * @param rejectCode {@code reject_code}
 * @param unlistedCode {@code unknown_local_recipient_reject_code}
 * @param tables opens those that an argument names
 */
record RestrictionParts(
        int relayCode, int rejectCode, int unlistedCode, LocalRecipients localRecipients, ListTables tables) {
    static RestrictionParts of(Settings settings, ListTables tables) {
        return new RestrictionParts(
                settings.count("relay_domains_reject_code"),
                settings.count("reject_code"),
                settings.count("unknown_local_recipient_reject_code"),
                new LocalRecipients(
                        settings.tables("local_recipient_maps", tables), settings.text("recipient_delimiter")),
                tables);
    }
}
