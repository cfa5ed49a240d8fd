// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

/** What a report is about (RFC 3464 §2.3.3). */
public enum DsnKind {
    FAILED("failed", "Undelivered Message"),
    DELAYED("delayed", "Delayed Message"),
    /** Handed to a site that will not report what becomes of it. */
    RELAYED("relayed", "Message"),
    DELIVERED("delivered", "Message");

    private final String action;
    private final String returned;

    DsnKind(String action, String returned) {
        this.action = action;
        this.returned = returned;
    }

    /** The value of the Action field. */
    String action() {
        return action;
    }

    /** Describes the part that has the message. */
    String returned() {
        return returned;
    }
}
