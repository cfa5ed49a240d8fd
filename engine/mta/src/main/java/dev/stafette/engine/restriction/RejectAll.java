// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;
import java.util.function.Function;

/**
 * Refuses everybody, at once or if something else decides so: {@code reject}, {@code defer}, {@code defer_if_permit},
 * {@code defer_if_reject}.
 * Thread: any (a value).
 */
record RejectAll(int code, EnhancedStatus status, String why, Function<SmtpReply, Verdict> verdict)
        implements Restriction {
    /** What Postfix has no parameter for. */
    private static final int LATER_CODE = 450;

    static Restriction reject(int code) {
        return new RejectAll(code, EnhancedStatus.of(code / 100, 7, 1), "Access denied", Verdict::reject);
    }

    static Restriction defer(int code) {
        return new RejectAll(code, EnhancedStatus.of(code / 100, 3, 2), "Try again later", Verdict::defer);
    }

    static Restriction deferIfPermit() {
        return new RejectAll(
                LATER_CODE, EnhancedStatus.of(4, 7, 0), "defer_if_permit requested", Verdict::deferIfPermit);
    }

    static Restriction deferIfReject() {
        return new RejectAll(
                LATER_CODE, EnhancedStatus.of(4, 7, 0), "defer_if_reject requested", Verdict::deferIfReject);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return verdict.apply(facts.refusal(subject, code, status, why));
    }
}
