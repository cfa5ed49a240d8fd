// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.policy.RestrictionList.Named;
import dev.stafette.engine.rewrite.AddressClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checks that {@code smtpd_relay_restrictions} may name; a new one is a method and a row of the table.
 * Thread: any (it does not change).
 */
final class RelayRestrictions {
    private static final List<String> SAFE_END = List.of("permit_mynetworks", "defer_unauth_destination");

    /** One of them must be there, or anybody could relay. */
    private static final Set<String> ENDS =
            Set.of("reject_unauth_destination", "defer_unauth_destination", "reject", "defer");

    private final Map<String, Restriction> table;

    /** @param relayCode {@code relay_domains_reject_code} */
    RelayRestrictions(int relayCode, int rejectCode) {
        this.table = Map.of(
                "permit", (facts, inquiry) -> Verdict.PERMIT,
                "permit_mynetworks", (facts, inquiry) -> permitMyNetworks(facts),
                // Nobody can authenticate yet.
                "permit_sasl_authenticated", (facts, inquiry) -> Verdict.DUNNO,
                "permit_auth_destination", (facts, inquiry) -> permitOurs(facts),
                "reject_unauth_destination", (facts, inquiry) -> denyOthers(facts, relayCode),
                "defer_unauth_destination", (facts, inquiry) -> denyOthers(facts, 454),
                "reject", (facts, inquiry) -> refuse(facts, rejectCode),
                "defer", (facts, inquiry) -> refuse(facts, 450));
    }

    /** Names that nobody knows are left out, which only makes a list stricter or leaves its end to decide. */
    RestrictionList list(List<String> names) {
        List<Named> named = new ArrayList<>();
        boolean ended = false;
        for (String name : names) {
            Restriction restriction = table.get(name);
            if (restriction != null) {
                named.add(new Named(name, restriction));
                ended |= ENDS.contains(name);
            }
        }
        if (!ended) {
            SAFE_END.forEach(name -> named.add(new Named(name, known(name))));
        }
        return new RestrictionList(named);
    }

    private Restriction known(String name) {
        Restriction restriction = table.get(name);
        if (restriction == null) {
            throw new IllegalStateException("no such restriction: " + name);
        }
        return restriction;
    }

    private static Verdict permitMyNetworks(RecipientFacts facts) {
        return switch (facts.client().trust()) {
            case FOUND -> Verdict.PERMIT;
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> lookupFailed(facts);
        };
    }

    private static Verdict permitOurs(RecipientFacts facts) {
        if (facts.targetClass() == AddressClass.UNKNOWN) {
            return lookupFailed(facts);
        }
        return isOurs(facts) ? Verdict.PERMIT : Verdict.DUNNO;
    }

    private static Verdict denyOthers(RecipientFacts facts, int code) {
        if (facts.targetClass() == AddressClass.UNKNOWN) {
            return lookupFailed(facts);
        }
        return isOurs(facts) ? Verdict.DUNNO : deny(facts, code);
    }

    private static boolean isOurs(RecipientFacts facts) {
        return facts.targetClass() != AddressClass.OTHER && !facts.isRouted();
    }

    /** A table does not answer. */
    static Verdict lookupFailed(RecipientFacts facts) {
        return Verdict.refuse(RecipientPolicy.lookupFailure(facts.recipient()));
    }

    private static Verdict deny(RecipientFacts facts, int code) {
        return Verdict.refuse(SmtpReply.of(
                code,
                EnhancedStatus.of(code / 100, 7, 1),
                "<" + facts.recipient().external() + ">: Relay access denied"));
    }

    private static Verdict refuse(RecipientFacts facts, int code) {
        return Verdict.refuse(SmtpReply.of(
                code,
                EnhancedStatus.of(code / 100, 7, 1),
                "<" + facts.recipient().external() + ">: Recipient address rejected: Access denied"));
    }
}
