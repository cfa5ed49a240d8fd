// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks an access table: {@code check_client_access} and its like.
 * Thread: any (it does not change).
 */
final class AccessCheck implements Restriction {
    private final String name;
    private final Subject subject;
    private final Table table;
    private final List<Table> tables;
    private final AccessVerdicts verdicts;
    private final HostKeys hosts;
    private final AddressKeys addresses;
    private final Routes routes;
    private final String nullKey;

    /**
     * @param name as main.cf has it
     * @param subject whose key is looked up
     */
    AccessCheck(String name, Subject subject, String spec, RestrictionStage stage, RestrictionParser parser) {
        RestrictionParts parts = parser.parts();
        this.name = name;
        this.subject = subject;
        this.table = open(spec, parts.tables());
        this.tables = List.of(table);
        this.verdicts = new AccessVerdicts(spec, stage, parser);
        this.hosts = HostKeys.of(parts.settings());
        this.addresses = parts.keys();
        this.routes = parts.routes();
        this.nullKey = parts.settings().text("smtpd_null_access_lookup_key");
    }

    /** A table that cannot be is one that does not answer, as in Postfix: others need not suffer from it. */
    static Table open(String spec, ListTables tables) {
        try {
            return tables.open(spec);
        } catch (ConfigException e) {
            return ListTables.UNOPENED.open(spec);
        }
    }

    @Override
    public Verdict check(Facts facts, Subject listSubject, Inquiry inquiry) {
        return switch (subject) {
            case CLIENT -> host(facts.client().name(), facts, inquiry);
            case REVERSE_CLIENT -> withoutOk(host(facts.client().reverseName(), facts, inquiry), facts);
            case HELO -> domain(facts.helo(), facts, inquiry);
            case SENDER -> sender(facts, inquiry);
            case RECIPIENT -> recipient(facts, inquiry);
            case LOGIN -> login(facts, inquiry);
            case CERTIFICATE -> certificate(facts, inquiry);
            case ETRN -> domain(facts.etrnDomain(), facts, inquiry);
            default -> Verdict.DUNNO;
        };
    }

    private Verdict host(String hostName, Facts facts, Inquiry inquiry) {
        TableAnswer found = hosts.findName(table, hostName, inquiry);
        if (!found.isFound() && !found.isUnavailable()) {
            String address = IpText.format(facts.client().address());
            return verdict(hosts.findAddress(table, address, inquiry), address, facts);
        }
        return verdict(found, hostName, facts);
    }

    private Verdict domain(String domain, Facts facts, Inquiry inquiry) {
        return domain.isEmpty() ? Verdict.DUNNO : verdict(hosts.findName(table, domain, inquiry), domain, facts);
    }

    private Verdict login(Facts facts, Inquiry inquiry) {
        String user = facts.connection().login().user();
        return user.isEmpty() ? Verdict.DUNNO : verdict(table.lookup(user, inquiry), user, facts);
    }

    /** Whoever vouches for it, or nobody: the table knows its digest, or that of its key. */
    private Verdict certificate(Facts facts, Inquiry inquiry) {
        PeerCertificate shown = facts.connection().certificate();
        if (shown == null) {
            return Verdict.DUNNO;
        }
        TableAnswer answer = table.lookup(shown.fingerprint(), inquiry);
        return answer.finding() == Finding.NOT_FOUND
                ? verdict(table.lookup(shown.publicKeyFingerprint(), inquiry), shown.publicKeyFingerprint(), facts)
                : verdict(answer, shown.fingerprint(), facts);
    }

    private Verdict sender(Facts facts, Inquiry inquiry) {
        MailAddress sender = facts.sender();
        if (sender == null) {
            return Verdict.DUNNO;
        }
        if (sender.isNull()) {
            return verdict(table.lookup(nullKey, inquiry), nullKey, facts);
        }
        return routes.routedClassOf(sender, MailAddress.NULL, inquiry) == AddressClass.UNKNOWN
                ? Verdict.fault(Restrictions.lookupFailure(sender))
                : address(sender, facts, inquiry);
    }

    private Verdict recipient(Facts facts, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient == null) {
            return Verdict.DUNNO;
        }
        if (recipient.targetClass() == AddressClass.UNKNOWN) {
            return Restrictions.lookupFailed(facts);
        }
        Verdict verdict = address(recipient.target(), facts, inquiry);
        // A route in the local part is too suspicious for that.
        return recipient.isRouted() ? verdict.withoutOk(Verdict.DUNNO) : verdict;
    }

    private Verdict address(MailAddress address, Facts facts, Inquiry inquiry) {
        return verdict(
                addresses.findAccess(tables, AddressKeys.folded(address), hosts.parentMatches(), inquiry),
                address.external(),
                facts);
    }

    private Verdict verdict(TableAnswer answer, String key, Facts facts) {
        return switch (answer.finding()) {
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> verdicts.unavailable(key, facts, subject);
            case FOUND ->
                answer.value().isEmpty()
                        ? verdicts.unavailable(key, facts, subject)
                        : verdicts.of(answer.value(), key, facts, subject);
        };
    }

    private Verdict withoutOk(Verdict verdict, Facts facts) {
        return verdict.action() == AccessAction.OK || verdict.action() == AccessAction.RESTRICTIONS
                ? verdict.withoutOk(forbidden(name, facts.name(subject)))
                : verdict;
    }

    /** Who owns an address says what it is called: that must not open anything. */
    static Verdict forbidden(String name, @Nullable String target) {
        return Verdict.serverError(
                "restriction " + name + " returns OK for " + target,
                "this is not allowed for security reasons",
                "use DUNNO instead of OK if you want to make an exception");
    }
}
