// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.List;

/**
 * What became of one message at one mailbox.
 * Thread: any (a value).
 *
 * @param reason why not; empty when it was delivered
 * @param warnings for the log, besides
 */
public record MailboxResult(EnhancedStatus status, String reason, List<String> warnings) {
    static final MailboxResult DELIVERED = new MailboxResult(EnhancedStatus.SENT, "", List.of());

    static MailboxResult failed(EnhancedStatus status, String reason, String... warnings) {
        return new MailboxResult(status, reason, List.of(warnings));
    }

    public boolean isDelivered() {
        return status.statusClass() == 2;
    }

    /** The same, with more words in front. */
    public MailboxResult because(String before) {
        return new MailboxResult(status, before + reason, warnings);
    }
}
