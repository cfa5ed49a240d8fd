// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.status.EnhancedStatus;

/**
 * What a check is about, as replies and the log call it.
 * Thread: any (a value).
 */
public enum Subject {
    CLIENT("Client host"),
    /** The name that the client's address has, whatever address the name has. */
    REVERSE_CLIENT("Unverified Client host"),
    HELO("Helo command"),
    SENDER("Sender address"),
    RECIPIENT("Recipient address"),
    LOGIN("SASL login name"),
    CERTIFICATE("Client certificate"),
    DATA("Data command"),
    END_OF_DATA("End-of-data"),
    ETRN("Etrn command");

    private static final int ADDRESSING = 1;

    private final String text;

    Subject(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** RFC 3463 §3.2 has other numbers for a sender's address than for a recipient's, and none for what is no address. */
    EnhancedStatus fit(EnhancedStatus status) {
        if (status.subject() != ADDRESSING) {
            return status;
        }
        return switch (this) {
            case SENDER -> EnhancedStatus.of(status.statusClass(), ADDRESSING, senderDetail(status.detail()));
            case RECIPIENT -> EnhancedStatus.of(status.statusClass(), ADDRESSING, recipientDetail(status.detail()));
            default -> EnhancedStatus.of(status.statusClass(), 0, 0);
        };
    }

    private static int senderDetail(int detail) {
        return switch (detail) {
            case 1, 3, 4, 6, 7 -> 7;
            case 2, 8 -> 8;
            default -> 0;
        };
    }

    private static int recipientDetail(int detail) {
        return switch (detail) {
            case 1, 2, 3, 4, 5, 6 -> detail;
            case 7 -> 3;
            case 8 -> 2;
            default -> 0;
        };
    }
}
