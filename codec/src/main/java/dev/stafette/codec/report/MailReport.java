// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import java.util.List;

/**
 * What a message says of another one that was sent before.
 * Thread: any (a value).
 *
 * @param recipients of a bounce; of a complaint those who complain, if it says so
 * @param fields of the report as a whole: of the first group of a delivery status, or of a feedback report
 * @param returned the header of the message that it is about, as far as it has come back
 */
public record MailReport(Kind kind, List<ReportedRecipient> recipients, FieldValues fields, FieldValues returned) {
    public MailReport {
        recipients = List.copyOf(recipients);
    }

    /** What kind of mail it is. */
    public enum Kind {
        /** Of a message that was not, or not yet, delivered, or was. */
        STATUS,
        /** A reader does not want it. */
        COMPLAINT,
        /** Somebody's machine answers in his place: he is away. */
        AUTO_REPLY,
        /** Something else. */
        ORDINARY
    }
}
