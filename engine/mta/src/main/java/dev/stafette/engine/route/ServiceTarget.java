// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.engine.queue.Route;

/**
 * {@code transport}, {@code transport:nexthop}, {@code :nexthop} or {@code :}, as the value of {@code default_transport} and
 * its like and as a row of {@code transport_maps}.
 * Thread: any (a value).
 *
 * @param transport empty: whatever else decides it
 * @param nextHop empty: whatever else decides it
 */
record ServiceTarget(String transport, String nextHop) {
    static final String ERROR = "error";
    static final String RETRY = "retry";

    private static final String UNDELIVERABLE = "Address is undeliverable";

    static ServiceTarget parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new ServiceTarget(text, "")
                : new ServiceTarget(
                        text.substring(0, colon), text.substring(colon + 1).strip());
    }

    /** Of a parameter. */
    Route route(String otherwise) {
        return new Route(transport, nextHop.isEmpty() ? otherwise : nextHop);
    }

    /**
     * Of a row of a table. One that names a transport without a next hop takes away the next hop, too, that a parameter may
     * have given.
     */
    Route over(Route route, String domain) {
        if (transport.isEmpty()) {
            return nextHop.isEmpty() ? route : new Route(route.transport(), nextHop);
        }
        return route(isEnd() ? UNDELIVERABLE : domain);
    }

    /** Mail goes nowhere; the next hop is the reason. */
    boolean isEnd() {
        return transport.equals(ERROR) || transport.equals(RETRY);
    }
}
