// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

/** What a report is about (RFC 3464 §2.3.3), with the subject that users of Postfix know. */
public enum DsnKind {
    FAILED("failed", "Undelivered Mail Returned to Sender", "Undelivered Message"),
    DELAYED("delayed", "Delayed Mail (still being retried)", "Delayed Message"),
    /** Handed to a site that will not report what becomes of it. */
    RELAYED("relayed", "Successful Mail Delivery Report", "Message"),
    DELIVERED("delivered", "Successful Mail Delivery Report", "Message");

    private final String action;
    private final String subject;
    private final String returned;

    DsnKind(String action, String subject, String returned) {
        this.action = action;
        this.subject = subject;
        this.returned = returned;
    }

    /** The value of the Action field. */
    String action() {
        return action;
    }

    String subject() {
        return subject;
    }

    /** Describes the part that has the message. */
    String returned() {
        return returned;
    }
}
