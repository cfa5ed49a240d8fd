// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes addresses that the world knows of those that only this site knows, on the way out (generic(5)). Unlike canonical
 * addresses, what comes of it is not looked up again.
 * Thread: any (it does not change).
 */
public final class GenericMap {
    private final AddressMap map;

    GenericMap(AddressMap map) {
        this.map = map;
    }

    /** Null when {@code smtp_generic_maps} is empty. {@code settings}: those of the client's master.cf row. */
    public static @Nullable GenericMap of(Settings settings, ListTables tables) {
        if (settings.words("smtp_generic_maps").isEmpty()) {
            return null;
        }
        Settings resolver = settings.ofResolver();
        return new GenericMap(AddressMap.of(
                "smtp_generic_maps",
                "generic",
                settings,
                AddressKeys.of(settings, AddressClasses.of(settings, tables)),
                AddressRewriter.of(resolver, AddressClasses.of(resolver, tables)),
                tables));
    }

    public MailAddress map(MailAddress address, MappingRun run) {
        List<MailAddress> found = map.find(address, 2, run);
        if (found == null || found.isEmpty()) {
            return address;
        }
        if (found.size() > 1) {
            run.warn("multi-valued " + map.name() + " result for " + address);
        }
        return found.get(0);
    }
}
