// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.util.function.Consumer;

/**
 * What can be asked for.
 * Thread: event loop, always the same, where its source does not say otherwise.
 */
public interface Dns {
    /**
     * The answer comes once, on the loop: at once when it is known, and in the end in any case, even when the process
     * stops meanwhile. Who needs it no longer ignores it.
     *
     * @param name in lower case and ASCII form, without the final dot
     */
    <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then);
}
