// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;

/** {@code reject_unauth_pipelining}: the client does not wait for replies where it must. Thread: any (a value). */
record UnauthPipelining() implements Restriction {
    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return facts.message().isPipelined()
                ? Verdict.reject(facts.refusal(
                        subject, 503, EnhancedStatus.of(5, 5, 0), "Improper use of SMTP command pipelining"))
                : Verdict.DUNNO;
    }
}
