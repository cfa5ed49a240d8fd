// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the verified name of an address. Thread: event loop; the answer comes on it, once, null for none. */
interface ReverseLookup {
    void find(InetAddress address, Consumer<@Nullable String> then);
}
