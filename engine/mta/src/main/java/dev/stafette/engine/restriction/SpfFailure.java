// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.spf.SpfAnswer;
import dev.stafette.engine.spf.SpfCheck;
import dev.stafette.engine.spf.SpfIdentity;
import dev.stafette.engine.table.Inquiry;

/**
 * {@code reject_spf_failure}: the sender's domain, or the client's where there is no sender, says that mail in its name does not
 * come from this client (RFC 7208 §8.4). A name of our own.
 * Thread: any (a value).
 *
 * @param tempfail {@code reject_tempfail_action}: where the DNS cannot say
 */
record SpfFailure(SpfCheck spf, TempfailAction tempfail) implements Restriction {
    private static final int CODE = 550;
    private static final int FOR_NOW = 451;

    /** RFC 7372 §3.2. */
    private static final EnhancedStatus FAILED = EnhancedStatus.of(5, 7, 23);

    private static final EnhancedStatus NO_ANSWER = EnhancedStatus.of(4, 7, 24);

    /** Of what a stranger says in our reply. */
    private static final int EXPLANATION_LENGTH_MAX = 200;

    static Restriction of(RestrictionParts parts) {
        return new SpfFailure(
                new SpfCheck(parts.sources().names(), parts.settings().text("myhostname"), System::currentTimeMillis),
                TempfailAction.of(parts.settings(), "reject_tempfail_action"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        if (sender == null) {
            return Verdict.DUNNO;
        }
        SpfAnswer answer = spf.check(SpfIdentity.of(facts.client().address(), facts.helo(), sender), inquiry);
        if (answer.isNotYet()) {
            return Verdict.NOT_YET;
        }
        Subject about = sender.isNull() ? Subject.HELO : Subject.SENDER;
        return switch (answer.result()) {
            case FAIL -> Verdict.reject(facts.refusal(about, CODE, FAILED, said(facts, answer)));
            case TEMPERROR ->
                tempfail.verdict(facts.refusal(about, FOR_NOW, NO_ANSWER, "SPF of " + answer.domain() + " not found"));
            default -> Verdict.DUNNO;
        };
    }

    private static String said(Facts facts, SpfAnswer answer) {
        String refusal = "SPF of " + answer.domain() + " does not permit "
                + IpText.format(facts.client().address());
        String reason = printable(answer.reason());
        return reason.isEmpty() ? refusal : refusal + "; " + answer.domain() + " explains: " + reason;
    }

    private static String printable(String text) {
        String start = text.substring(0, Math.min(text.length(), EXPLANATION_LENGTH_MAX));
        return start.replaceAll("[^ -~]", "?").strip();
    }
}
