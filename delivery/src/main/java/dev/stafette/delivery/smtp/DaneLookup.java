// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.dns.TlsaRecord;
import dev.stafette.delivery.route.HostTrust;
import dev.stafette.delivery.tls.Associations;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is demanded of one host by its TLSA records (RFC 7672 §2.2), as Postfix does.
 * Thread: event loop.
 *
 * <pre>
 *   nobody vouches for the MX record      no records count, where the policy says so
 *   addresses secure, no alias            _port._tcp.host
 *   addresses secure, an alias            below its end; if there are none, below the host
 *   addresses insecure, a secure alias    below the host
 *   addresses insecure                    none
 * </pre>
 */
final class DaneLookup {
    private final Dns dns;
    private final HostRules rules;
    private final DaneTerms terms;
    private final Peer peer;
    private final HostTrust trust;
    private final Consumer<String> warnings;
    private final Consumer<TlsPolicy> then;

    /** {@code dns}: asks for answers that are vouched for. {@code terms}: those of the rules. */
    DaneLookup(
            Dns dns,
            HostRules rules,
            DaneTerms terms,
            Peer peer,
            HostTrust trust,
            Consumer<String> warnings,
            Consumer<TlsPolicy> then) {
        this.dns = dns;
        this.rules = rules;
        this.terms = terms;
        this.peer = peer;
        this.trust = trust;
        this.warnings = warnings;
        this.then = then;
    }

    void start() {
        boolean isAlias =
                !trust.canonicalName().isEmpty() && !trust.canonicalName().equals(peer.host());
        if (!trust.isNameSecure() && (terms.isOnly() || terms.insecureMx() == TlsLevel.MAY)) {
            doWithout("non DNSSEC destination");
        } else if (trust.areAddressesSecure()) {
            ask(isAlias ? trust.canonicalName() : peer.host(), isAlias ? peer.host() : null);
        } else if (isAlias) {
            dns.ask(peer.host(), DnsType.CNAME, this::onAlias);
        } else if (terms.forcesLookup()) {
            ask(peer.host(), null);
        } else {
            doWithout("no TLSA records found");
        }
    }

    private void onAlias(DnsAnswer<String> answer) {
        if (answer.outcome() == Outcome.TRY_AGAIN) {
            onError();
        } else if (answer.authentic() && answer.outcome() == Outcome.FOUND || terms.forcesLookup()) {
            ask(peer.host(), null);
        } else {
            doWithout("no TLSA records found");
        }
    }

    private void ask(String base, @Nullable String otherBase) {
        dns.ask(owner(base), DnsType.TLSA, answer -> onRecords(base, otherBase, answer));
    }

    private String owner(String base) {
        return "_" + peer.port() + "._tcp." + base;
    }

    private void onRecords(String base, @Nullable String otherBase, DnsAnswer<TlsaRecord> answer) {
        if (answer.outcome() == Outcome.TRY_AGAIN) {
            warnings.accept("DANE TLSA lookup problem: Host or domain name not found. Name service error for name="
                    + owner(base) + " type=TLSA: Host not found, try again");
            onError();
        } else if (answer.outcome() == Outcome.FOUND && answer.authentic()) {
            use(answer.records(), owner(base), base);
        } else if (otherBase != null) {
            ask(otherBase, null);
        } else {
            doWithout("no TLSA records found");
        }
    }

    /** Says which records are no good, as Postfix does when it finds them or OpenSSL refuses them. */
    private void use(List<TlsaRecord> records, String owner, String base) {
        for (TlsaRecord record : records) {
            if (!Associations.isForMail(record)) {
                warnings.accept(owner + " unsupported TLSA certificate usage: " + record.shortText());
            } else if (!Associations.isUsable(record, terms.digests())) {
                warnings.accept(peer.relay() + ": unusable TLSA RR: " + record.shortText());
            }
        }
        Associations usable = Associations.usable(records, terms.digests());
        boolean isForMail = records.stream().anyMatch(Associations::isForMail);
        if (usable.isEmpty() && isForMail) {
            warnings.accept(peer.relay() + ": all TLSA records unusable"
                    + (terms.isOnly() ? "" : ", fallback to unauthenticated TLS"));
        }
        if (usable.isEmpty() && terms.isOnly() && isForMail) {
            // As in Postfix, where it is OpenSSL that finds them unusable: nothing that the server can show is good
            // enough.
            then.accept(rules.byRecords(usable, base, peer.host()));
        } else if (usable.isEmpty() && terms.isOnly()) {
            then.accept(rules.faulty("TLSA records unusable", TlsFailure.TLSA_INVALID));
        } else if (usable.isEmpty() || !trust.isNameSecure() && terms.insecureMx() == TlsLevel.ENCRYPT) {
            then.accept(rules.mandatory().reportedAs(rules.reported()));
        } else {
            Associations certain = trust.isNameSecure() ? usable : usable.ofUncertainHost();
            then.accept(rules.byRecords(certain, base, peer.host()));
        }
    }

    /** Somebody may keep the answer from us. */
    private void onError() {
        then.accept(
                rules.faulty("TLSA lookup error for " + peer.host() + ':' + peer.port(), TlsFailure.DNSSEC_INVALID));
    }

    private void doWithout(String why) {
        then.accept(terms.isOnly() ? rules.faulty(why, TlsFailure.DANE_REQUIRED) : rules.withoutRecords(peer.host()));
    }
}
