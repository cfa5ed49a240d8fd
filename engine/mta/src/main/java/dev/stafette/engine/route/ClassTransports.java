// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClass;
import java.util.Set;

/**
 * The transport of each class of domains.
 * Thread: any (a value).
 *
 * @param unknownAlias for addresses of virtual alias domains that no table has turned into others
 * @param waiting whose mail waits until somebody asks for it: {@code defer_transports}
 */
record ClassTransports(
        ServiceTarget local,
        ServiceTarget virtual,
        ServiceTarget relay,
        ServiceTarget other,
        Route unknownAlias,
        Set<String> waiting) {
    static ClassTransports of(Settings settings, RouteParameters names) {
        boolean showsTable = settings.flag("show_user_unknown_table_name");
        return new ClassTransports(
                target(settings, names.localTransport()),
                target(settings, names.virtualTransport()),
                target(settings, names.relayTransport()),
                target(settings, names.defaultTransport()),
                new Route(ServiceTarget.ERROR, "5.1.1 User unknown" + (showsTable ? " in virtual alias table" : "")),
                Set.copyOf(settings.words("defer_transports")));
    }

    boolean isEnd(AddressClass of) {
        return switch (of) {
            case LOCAL -> local.isEnd();
            case VIRTUAL_MAILBOX -> virtual.isEnd();
            case RELAY -> relay.isEnd();
            case OTHER -> other.isEnd();
            case VIRTUAL_ALIAS, UNKNOWN -> true;
        };
    }

    private static ServiceTarget target(Settings settings, String parameter) {
        ServiceTarget target = ServiceTarget.parse(settings.text(parameter));
        if (target.transport().isEmpty()) {
            throw settings.bad(parameter, "transport or transport:nexthop");
        }
        return target;
    }
}
