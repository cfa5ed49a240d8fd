// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Finding;
import java.net.InetAddress;

/**
 * What is known of a client once its name has been looked up.
 * Thread: any (a value).
 *
 * @param name verified by a look-up in both directions; {@link #UNKNOWN} when it is not
 * @param trust whether it is in {@code mynetworks}
 */
public record ClientFacts(InetAddress address, String name, Finding trust) {
    public static final String UNKNOWN = "unknown";

    public boolean isTrusted() {
        return trust == Finding.FOUND;
    }

    /** {@code name[address]}. */
    String text() {
        return name + '[' + IpText.format(address) + ']';
    }
}
