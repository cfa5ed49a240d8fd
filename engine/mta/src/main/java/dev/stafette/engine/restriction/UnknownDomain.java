// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;

/**
 * {@code reject_unknown_sender_domain}, {@code reject_unknown_recipient_domain}: a domain that is not ours and to which no
 * mail can go: without mail servers and addresses, or with a null MX (RFC 7505).
 * Thread: any (a value).
 *
 * @param code {@code unknown_address_reject_code}
 * @param tempfail {@code unknown_address_tempfail_action}
 */
record UnknownDomain(Subject of, Routes routes, NameQuestions names, int code, TempfailAction tempfail)
        implements Restriction {
    private static final int FOR_NOW = 450;

    /** RFC 7505 §4.2: for a sender; a recipient has one of its own. */
    private static final int SENDER_OF_NULL_MX = 550;

    /** RFC 7504. */
    private static final int NULL_MX = 556;

    static Restriction of(Subject of, RestrictionParts parts) {
        return new UnknownDomain(
                of,
                parts.routes(),
                parts.sources().names(),
                parts.code("unknown_address_reject_code"),
                TempfailAction.of(parts.settings(), "unknown_address_tempfail_action"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (of == Subject.RECIPIENT) {
            return recipient == null
                    ? Verdict.DUNNO
                    : check(recipient.target().domain(), recipient.targetClass(), facts, inquiry);
        }
        MailAddress sender = facts.sender();
        return sender == null || sender.isNull()
                ? Verdict.DUNNO
                : check(sender.domain(), routes.routedClassOf(sender, MailAddress.NULL, inquiry), facts, inquiry);
    }

    private Verdict check(String domain, AddressClass addressClass, Facts facts, Inquiry inquiry) {
        switch (addressClass) {
            case UNKNOWN -> {
                MailAddress sender = facts.sender();
                return of == Subject.SENDER && sender != null
                        ? Verdict.fault(Restrictions.lookupFailure(sender))
                        : Restrictions.lookupFailed(facts);
            }
            case LOCAL, VIRTUAL_ALIAS, VIRTUAL_MAILBOX -> {
                return Verdict.DUNNO;
            }
            case RELAY, OTHER -> {
                return domain.startsWith("[") ? Verdict.DUNNO : check(domain, facts, inquiry);
            }
        }
        throw new IllegalStateException("a class of addresses without a meaning: " + addressClass);
    }

    private Verdict check(String domain, Facts facts, Inquiry inquiry) {
        NameAnswer servers = names.ask(RecordType.MX, domain, inquiry);
        if (servers.isNotYet()) {
            return Verdict.NOT_YET;
        }
        if (servers.isFiltered()) {
            return filtered(domain);
        }
        if (servers.isFound()) {
            return isNull(servers) ? nullMx(domain, facts) : Verdict.DUNNO;
        }
        HostAddresses addresses = HostAddresses.of(domain, names, inquiry);
        if (addresses.isNotYet()) {
            return Verdict.NOT_YET;
        }
        if (addresses.finding() == Finding.FOUND) {
            return Verdict.DUNNO;
        }
        if (addresses.isFiltered()) {
            return filtered(domain);
        }
        boolean isUnavailable = servers.isUnavailable() || addresses.finding() == Finding.UNAVAILABLE;
        int detail = of == Subject.SENDER ? 8 : 2;
        if (isUnavailable) {
            return tempfail.verdict(
                    facts.refusal(of, FOR_NOW, EnhancedStatus.of(FOR_NOW / 100, 1, detail), "Domain not found"));
        }
        return Verdict.reject(facts.refusal(of, code, EnhancedStatus.of(code / 100, 1, detail), "Domain not found"));
    }

    private static Verdict filtered(String domain) {
        return Verdict.nothing(domain + ": MX or address lookup error: " + FilteredDns.DROPS_ALL);
    }

    static boolean isNull(NameAnswer servers) {
        return servers.records().size() == 1 && servers.records().get(0).endsWith(" ");
    }

    private Verdict nullMx(String domain, Facts facts) {
        boolean isSender = of == Subject.SENDER;
        return Verdict.reject(facts.refusal(
                of,
                isSender ? SENDER_OF_NULL_MX : NULL_MX,
                isSender ? EnhancedStatus.of(5, 7, 27) : EnhancedStatus.of(5, 1, 10),
                "Domain " + domain + " does not accept mail (nullMX)"));
    }
}
