// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

/**
 * Where a recipient goes.
 *
 * @param transport the name of a delivery service in master.cf
 * @param nextHop a domain, {@code [host]}, {@code host:port} …; what a transport without a next hop makes of it is its own
 * @param mailbox of the recipient, where the transport's limit of attempts holds for each of its own; empty: for the next hop
 */
public record Route(String transport, String nextHop, String mailbox) {
    public Route(String transport, String nextHop) {
        this(transport, nextHop, "");
    }
}
