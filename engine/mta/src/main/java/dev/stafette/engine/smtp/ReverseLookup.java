// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.restriction.ClientName;
import java.net.InetAddress;
import java.util.function.Consumer;

/** Finds the name of an address. Thread: event loop; the answer comes on it, once. */
interface ReverseLookup {
    void find(InetAddress address, Consumer<ClientName> then);
}
