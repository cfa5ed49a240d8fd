// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;

/**
 * {@code reject_plaintext_session}: nobody may talk in the clear.
 * Thread: any (a value).
 *
 * @param code {@code plaintext_reject_code}
 */
record PlaintextSession(int code) implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        if (facts.connection().tls() != null) {
            return Verdict.DUNNO;
        }
        return Verdict.reject(
                SmtpReply.of(code, EnhancedStatus.of(code / 100, 7, 1), "Session encryption is required"));
    }
}
