// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

/** What a report as a whole is about; what became of each recipient is its {@link DsnAction}. */
public enum DsnKind {
    FAILURE("Undelivered Message"),
    DELAY("Delayed Message"),
    /** The sender asked to be told of success (RFC 3461 §4.1). */
    SUCCESS("Message"),
    /** Somebody asked what would, or what did, become of each recipient at the first attempt. */
    VERIFY("Message");

    private final String returned;

    DsnKind(String returned) {
        this.returned = returned;
    }

    /** Describes the part that has the message. */
    String returned() {
        return returned;
    }
}
