// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a report says of one recipient.
 * Thread: any (a value).
 *
 * @param address as we have sent to it, as far as the report knows; empty: it does not say
 * @param finalAddress where the message went in the end; empty: it does not say
 * @param action {@code failed}, {@code delayed}, {@code delivered}, {@code relayed} or {@code expanded}
 * @param status null: it does not say
 * @param diagnostic the words of the server that refused it; may be empty
 * @param remoteMta that server; may be empty
 */
public record ReportedRecipient(
        String address,
        String finalAddress,
        String action,
        @Nullable EnhancedStatus status,
        String diagnostic,
        String remoteMta) {
    static final String FAILED = "failed";
    static final String DELAYED = "delayed";

    /** It will not get the message. */
    public boolean isFailed() {
        return action.equals(FAILED);
    }
}
