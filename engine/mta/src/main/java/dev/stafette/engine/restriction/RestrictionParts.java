// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.route.Routes;

/**
 * What checks are made of beside their argument, when the lists are read.
 * Thread: start-up and reload.
 *
 * @param settings of the service; each check takes what it wants to know
 * @param tables opens those that an argument names
 * @param sources whom they ask beside tables
 * @param permits which permissions the log tells of
 * @param classes as this service tells its own addresses; the resolver's are those of {@code routes}
 * @param keys by which addresses are looked up
 */
record RestrictionParts(
        Settings settings,
        ListTables tables,
        RestrictionSources sources,
        AddressClasses classes,
        Routes routes,
        AddressKeys keys,
        RecipientExistence existence,
        PermitLog permits) {
    static RestrictionParts of(Settings settings, ListTables tables, RestrictionSources sources) {
        AddressClasses classes = AddressClasses.of(settings, tables);
        Settings resolver = settings.ofResolver();
        AddressClasses resolved = AddressClasses.of(resolver, tables);
        Routes routes = Routes.of(resolver, resolved, tables);
        AddressKeys keys = AddressKeys.of(settings, classes);
        return new RestrictionParts(
                settings,
                tables,
                sources.of(settings, tables),
                classes,
                routes,
                keys,
                RecipientExistence.of(settings, resolved, routes, keys, tables),
                PermitLog.of(settings, tables));
    }

    int code(String parameter) {
        return settings.count(parameter);
    }
}
