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
 * @param tables opens those that an argument names
 */
record RestrictionParts(int relayCode, int rejectCode, RecipientExistence existence, ListTables tables) {
    static RestrictionParts of(Settings settings, ListTables tables) {
        return new RestrictionParts(
                settings.count("relay_domains_reject_code"),
                settings.count("reject_code"),
                RecipientExistence.of(settings, tables),
                tables);
    }
}
