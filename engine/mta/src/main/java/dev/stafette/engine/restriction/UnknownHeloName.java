// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Inquiry;
import java.util.List;

/**
 * {@code reject_unknown_helo_hostname}: the client calls itself by a name that has neither address nor mail server. An
 * address literal must be a good one.
 * Thread: any (a value).
 *
 * @param literal judges an address literal
 * @param code {@code unknown_hostname_reject_code}
 * @param tempfail {@code unknown_helo_hostname_tempfail_action}
 */
record UnknownHeloName(Restriction literal, NameQuestions names, int code, TempfailAction tempfail)
        implements Restriction {
    private static final int FOR_NOW = 450;
    private static final List<RecordType> TYPES = List.of(RecordType.A, RecordType.AAAA, RecordType.MX);

    static Restriction of(RestrictionParts parts) {
        return new UnknownHeloName(
                HeloName.invalid(parts),
                parts.sources().names(),
                parts.code("unknown_hostname_reject_code"),
                TempfailAction.of(parts.settings(), "unknown_helo_hostname_tempfail_action"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        String helo = facts.helo();
        if (helo.isEmpty()) {
            return Verdict.DUNNO;
        }
        if (helo.charAt(0) == '[') {
            return literal.check(facts, subject, inquiry);
        }
        boolean isUnavailable = false;
        boolean isFiltered = false;
        for (RecordType type : TYPES) {
            NameAnswer answer = names.ask(type, helo, inquiry);
            if (answer.isFound() || answer.isNotYet()) {
                return answer.isFound() ? Verdict.DUNNO : Verdict.NOT_YET;
            }
            isUnavailable |= answer.isUnavailable();
            isFiltered |= answer.isFiltered();
        }
        if (isFiltered) {
            return Verdict.nothing(helo + ": address or MX lookup error: " + FilteredDns.DROPS_ALL);
        }
        int said = isUnavailable ? FOR_NOW : code;
        SmtpReply reply = facts.refusal(Subject.HELO, said, EnhancedStatus.of(said / 100, 7, 1), "Host not found");
        return isUnavailable ? tempfail.verdict(reply) : Verdict.reject(reply);
    }
}
