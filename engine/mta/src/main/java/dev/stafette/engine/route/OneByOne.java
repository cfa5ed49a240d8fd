// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressKeys;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The transports that take one recipient at a time: their limit of attempts at a time holds for each mailbox, as in Postfix.
 * Thread: any (it does not change).
 */
record OneByOne(Set<String> transports, AddressKeys keys) {
    static OneByOne of(Settings settings, AddressKeys keys) {
        Set<String> found = new HashSet<>();
        for (String transport : settings.transports()) {
            if (settings.count(transport + "_destination_recipient_limit") == 1) {
                found.add(transport);
            }
        }
        return new OneByOne(found, keys);
    }

    Route of(Route route, MailAddress recipient) {
        if (!transports.contains(route.transport())) {
            return route;
        }
        String localPart = recipient.localPart();
        String mailbox = localPart.substring(0, keys.userLength(localPart)).toLowerCase(Locale.ROOT);
        return new Route(route.transport(), route.nextHop(), mailbox);
    }
}
