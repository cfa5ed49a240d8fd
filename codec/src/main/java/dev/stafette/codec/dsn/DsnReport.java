// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.address.MailAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery report says, but for what it returns of the message.
 *
 * @param queueId the report's own
 * @param originalQueueId that of the message it is about
 * @param sender of the message
 * @param reader who gets the report: the sender, by whichever address, or the postmaster
 * @param isCopy it is the postmaster, who needs no words of explanation
 * @param envelopeId ENVID as the sender gave it (xtext); null when it did not
 * @param arrivalMs when the message came, ms since 1970
 * @param retryUntilMs until when a delayed message will be tried
 * @param smtpUtf8 the report may carry UTF-8 in its fields (RFC 6533); it does so anyway when its receiver's address needs it
 */
public record DsnReport(
        DsnKind kind,
        String queueId,
        String originalQueueId,
        MailAddress sender,
        MailAddress reader,
        boolean isCopy,
        @Nullable String envelopeId,
        long arrivalMs,
        long nowMs,
        long retryUntilMs,
        boolean smtpUtf8,
        List<DsnRecipient> recipients) {
    public DsnReport {
        recipients = List.copyOf(recipients);
        smtpUtf8 |= !reader.isAscii();
    }
}
