// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Finding;

/**
 * What the DNS says of a client's address.
 * Thread: any (a value).
 *
 * @param name verified by a look-up in both directions; {@link ClientFacts#UNKNOWN} when it is not
 * @param verified UNAVAILABLE: that could not be told now
 * @param reverseName what the address is called; {@link ClientFacts#UNKNOWN} when it has no name
 * @param reverse UNAVAILABLE: that could not be told now
 */
public record ClientName(String name, Finding verified, String reverseName, Finding reverse) {
    public static final ClientName UNKNOWN =
            new ClientName(ClientFacts.UNKNOWN, Finding.NOT_FOUND, ClientFacts.UNKNOWN, Finding.NOT_FOUND);

    /** No answer, or none in time. */
    public static final ClientName UNAVAILABLE =
            new ClientName(ClientFacts.UNKNOWN, Finding.UNAVAILABLE, ClientFacts.UNKNOWN, Finding.UNAVAILABLE);

    /** Found in both directions. */
    public static ClientName of(String name) {
        return name.equals(ClientFacts.UNKNOWN) ? UNKNOWN : new ClientName(name, Finding.FOUND, name, Finding.FOUND);
    }

    /** The address has this name; the name has not that address, or who knows. */
    public static ClientName unverified(String reverseName, Finding verified) {
        return new ClientName(ClientFacts.UNKNOWN, verified, reverseName, Finding.FOUND);
    }
}
