// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.queue.Route;

/**
 * {@code transport} or {@code transport:nexthop}, as the value of {@code default_transport} and its like.
 * Thread: any (a value).
 *
 * @param nextHop empty: whatever else decides it
 */
record ServiceTarget(String transport, String nextHop) {
    static ServiceTarget parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new ServiceTarget(text, "")
                : new ServiceTarget(
                        text.substring(0, colon), text.substring(colon + 1).strip());
    }

    Route route(String otherwise) {
        return new Route(transport, nextHop.isEmpty() ? otherwise : nextHop);
    }
}
