// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Finding;
import java.net.InetAddress;

/**
 * What is known of a client once its name has been looked up.
 * Thread: any (a value).
 *
 * @param names what the DNS says of it
 * @param trust whether it is in {@code mynetworks}
 */
public record ClientFacts(InetAddress address, ClientName names, Finding trust) {
    public static final String UNKNOWN = "unknown";

    /** Of a client with that name, in both directions. */
    public ClientFacts(InetAddress address, String name, Finding trust) {
        this(address, ClientName.of(name), trust);
    }

    /** Verified by a look-up in both directions; {@link #UNKNOWN} when it is not. */
    public String name() {
        return names.name();
    }

    /** Its address has this name, whatever address that has; {@link #UNKNOWN} when there is none. */
    public String reverseName() {
        return names.reverseName();
    }

    public boolean isTrusted() {
        return trust == Finding.FOUND;
    }

    /** {@code name[address]}. */
    String text() {
        return name() + '[' + IpText.format(address) + ']';
    }
}
