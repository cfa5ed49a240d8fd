// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.DomainName;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.table.Inquiry;

/**
 * What the client calls itself: {@code reject_invalid_helo_hostname}, {@code reject_non_fqdn_helo_hostname}, and
 * {@code permit_naked_ip_address} of earlier releases.
 * Thread: any (a value).
 *
 * @param code for a bad name
 * @param addressCode for a bad address literal: {@code invalid_hostname_reject_code}
 */
record HeloName(Wish wish, int code, int addressCode) implements Restriction {
    /** What is asked of the name. */
    private enum Wish {
        VALID,
        FULLY_QUALIFIED,
        NAKED_ADDRESS
    }

    private static final String INVALID_CODE = "invalid_hostname_reject_code";

    static Restriction invalid(RestrictionParts parts) {
        return new HeloName(Wish.VALID, parts.code(INVALID_CODE), parts.code(INVALID_CODE));
    }

    static Restriction notFullyQualified(RestrictionParts parts) {
        return new HeloName(Wish.FULLY_QUALIFIED, parts.code("non_fqdn_reject_code"), parts.code(INVALID_CODE));
    }

    static Restriction nakedAddress(RestrictionParts parts) {
        return new HeloName(Wish.NAKED_ADDRESS, parts.code(INVALID_CODE), parts.code(INVALID_CODE));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        String helo = facts.helo();
        if (helo.isEmpty()) {
            return Verdict.DUNNO;
        }
        if (wish == Wish.NAKED_ADDRESS) {
            return nakedAddress(facts, helo);
        }
        if (helo.charAt(0) == '[') {
            return literal(facts, helo);
        }
        String name = withoutFinalDot(helo);
        if (wish == Wish.VALID) {
            return DomainName.isHostName(name) || isAddress(name) ? Verdict.DUNNO : refusal(facts, "Invalid name");
        }
        return name.indexOf('.') >= 0 && isName(name, facts.message().isSmtpUtf8())
                ? Verdict.DUNNO
                : refusal(facts, "need fully-qualified hostname");
    }

    private Verdict nakedAddress(Facts facts, String helo) {
        if (!helo.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == ':')) {
            return Verdict.DUNNO;
        }
        return isAddress(helo) ? Verdict.OK : badAddress(facts);
    }

    private Verdict literal(Facts facts, String helo) {
        return DomainName.isLiteral(helo) ? Verdict.DUNNO : badAddress(facts);
    }

    private Verdict badAddress(Facts facts) {
        return Verdict.reject(facts.refusal(
                Subject.HELO, addressCode, EnhancedStatus.of(addressCode / 100, 5, 2), "invalid ip address"));
    }

    private Verdict refusal(Facts facts, String why) {
        return Verdict.reject(facts.refusal(Subject.HELO, code, EnhancedStatus.of(code / 100, 5, 2), why));
    }

    private static boolean isAddress(String text) {
        return DomainName.isLiteral((text.indexOf(':') >= 0 ? "[IPv6:" : "[") + text + "]");
    }

    /** {@code mayBeUtf8}: the client has said so. */
    static boolean isName(String name, boolean mayBeUtf8) {
        return DomainName.isHostName(name) || mayBeUtf8 && DomainName.isInternational(name);
    }

    static String withoutFinalDot(String name) {
        int last = name.length() - 1;
        return last > 0 && name.charAt(last) == '.' && name.charAt(last - 1) != '.' ? name.substring(0, last) : name;
    }
}
