// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

/** What became of a recipient (RFC 3464 §2.3.3), and, as Postfix words it, what would have. */
public enum DsnAction {
    FAILED("failed"),
    DELAYED("delayed"),
    /** Handed to a site that will not report what becomes of it. */
    RELAYED("relayed"),
    DELIVERED("delivered"),
    /** Others have taken its place, of whose success nothing will be told. */
    EXPANDED("expanded"),
    DELIVERABLE("deliverable"),
    UNDELIVERABLE("undeliverable");

    private final String text;

    DsnAction(String text) {
        this.text = text;
    }

    /** The value of the Action field. */
    String text() {
        return text;
    }
}
