// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;

/**
 * {@code reject_multi_recipient_bounce}: a report goes to the sender of one message, and so to one address.
 * Thread: any (a value).
 *
 * @param code {@code multi_recipient_bounce_reject_code}
 */
record MultiRecipientBounce(int code) implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        // At RCPT the recipient that is asked for is not counted yet.
        int countMax = facts.message().isComplete() ? 1 : 0;
        return sender != null && sender.isNull() && facts.message().recipientCount() > countMax
                ? Verdict.reject(
                        facts.refusal(subject, code, EnhancedStatus.of(code / 100, 5, 3), "Multi-recipient bounce"))
                : Verdict.DUNNO;
    }
}
