// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * {@code reject_non_fqdn_sender}, {@code reject_non_fqdn_recipient}: an address without a whole domain, as it was given.
 * Thread: any (a value).
 *
 * @param code {@code non_fqdn_reject_code}
 */
record NonFqdnAddress(Subject of, int code) implements Restriction {
    static Restriction of(Subject of, RestrictionParts parts) {
        return new NonFqdnAddress(of, parts.code("non_fqdn_reject_code"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress address = given(facts);
        if (address == null
                || address.isNull()
                || isQualified(address.domain(), facts.message().isSmtpUtf8())) {
            return Verdict.DUNNO;
        }
        return Verdict.reject(
                facts.refusal(of, code, EnhancedStatus.of(code / 100, 5, 2), "need fully-qualified address"));
    }

    private @Nullable MailAddress given(Facts facts) {
        RecipientFacts recipient = facts.recipient();
        if (of == Subject.SENDER) {
            return facts.givenSender();
        }
        return recipient == null ? null : recipient.recipient();
    }

    private static boolean isQualified(String domain, boolean mayBeUtf8) {
        if (domain.startsWith("[") && domain.endsWith("]")) {
            return true;
        }
        String name = HeloName.withoutFinalDot(domain);
        return name.indexOf('.') >= 0 && HeloName.isName(name, mayBeUtf8);
    }
}
