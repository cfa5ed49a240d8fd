// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.DomainName;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks an access table for the servers of a name, by their names and addresses: {@code check_sender_mx_access} and its like.
 * Thread: any (it does not change).
 *
 * <p>Who owns a name says which servers it has. That must not open anything, and so a table may not say OK. A name whose
 * servers cannot be told is passed over.
 */
final class ServerAccess implements Restriction {
    /** As many as an answer of the DNS may have. */
    private static final int ADDRESSES_MAX = 100;

    private final String name;
    private final Subject of;
    private final RecordType type;
    private final Table table;
    private final AccessVerdicts verdicts;
    private final HostKeys hosts;
    private final NameQuestions names;

    /** {@code type}: MX, NS, or A for the addresses of the name itself. */
    ServerAccess(
            String name, Subject of, RecordType type, String spec, RestrictionStage stage, RestrictionParser parser) {
        RestrictionParts parts = parser.parts();
        this.name = name;
        this.of = of;
        this.type = type;
        this.table = AccessCheck.open(spec, parts.tables());
        this.verdicts = new AccessVerdicts(spec, stage, parser);
        this.hosts = HostKeys.of(parts.settings());
        this.names = parts.sources().names();
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        String target = target(facts);
        if (target.isEmpty()) {
            return Verdict.DUNNO;
        }
        Verdict verdict = check(target.substring(target.lastIndexOf('@') + 1), facts, inquiry);
        return verdict == null ? Verdict.DUNNO : verdict.withoutOk(AccessCheck.forbidden(name, target));
    }

    /** Empty: there is none. */
    private String target(Facts facts) {
        return switch (of) {
            case CLIENT -> known(facts.client().name());
            case REVERSE_CLIENT -> known(facts.client().reverseName());
            case HELO -> facts.helo();
            case SENDER, RECIPIENT -> facts.name(of);
            default -> "";
        };
    }

    private static String known(String hostName) {
        return hostName.equals(ClientFacts.UNKNOWN) ? "" : hostName;
    }

    // Null below: the table does not have it; where it has, its word ends the search, also if that is DUNNO.

    private @Nullable Verdict check(String domain, Facts facts, Inquiry inquiry) {
        if (domain.startsWith("[")) {
            return literal(domain, facts, inquiry);
        }
        if (type == RecordType.A) {
            return addresses(domain, facts, inquiry);
        }
        NameAnswer servers = servers(domain, inquiry);
        if (!servers.isFound()) {
            return servers.isNotYet()
                    ? Verdict.NOT_YET
                    : Verdict.nothing("Unable to look up " + type + " host for " + domain + ": "
                            + (servers.isUnavailable() ? servers.reason() : "Host not found"));
        }
        for (String record : servers.records()) {
            String server = type == RecordType.MX ? record.substring(record.indexOf(' ') + 1) : record;
            Verdict verdict = server(server, facts, inquiry);
            if (verdict != null) {
                return verdict;
            }
        }
        return null;
    }

    /** An address is its own mail server; it has no name servers. */
    private @Nullable Verdict literal(String domain, Facts facts, Inquiry inquiry) {
        InetAddress address = type == RecordType.NS || !DomainName.isLiteral(domain) ? null : IpText.parse(domain);
        return address == null ? null : address(IpText.format(address), facts, inquiry);
    }

    /** A name without mail servers is its own; where it has no name servers, those above it have. */
    private NameAnswer servers(String domain, Inquiry inquiry) {
        NameAnswer found = names.ask(type, domain, inquiry);
        if (found.finding() != Finding.NOT_FOUND) {
            return type == RecordType.MX && UnknownDomain.isNull(found)
                    ? new NameAnswer(Finding.FOUND, List.of(), "")
                    : found;
        }
        if (type == RecordType.MX) {
            return new NameAnswer(Finding.FOUND, List.of("0 " + domain), "");
        }
        for (int dot = domain.indexOf('.');
                dot >= 0 && dot + 1 < domain.length() && found.finding() == Finding.NOT_FOUND;
                dot = domain.indexOf('.', dot + 1)) {
            found = names.ask(type, domain.substring(dot + 1), inquiry);
        }
        return found;
    }

    private @Nullable Verdict server(String server, Facts facts, Inquiry inquiry) {
        if (IpText.parse(server) != null) {
            return address(server, facts, inquiry);
        }
        Verdict byName = verdict(hosts.findName(table, server, inquiry), server, facts);
        return byName != null ? byName : addresses(server, facts, inquiry);
    }

    private @Nullable Verdict addresses(String host, Facts facts, Inquiry inquiry) {
        if (IpText.parse(host) != null) {
            return address(host, facts, inquiry);
        }
        HostAddresses found = HostAddresses.ofHost(host, names, inquiry);
        if (found.isNotYet()) {
            return Verdict.NOT_YET;
        }
        List<String> addresses = found.addresses();
        for (String address : addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX))) {
            Verdict verdict = address(address, facts, inquiry);
            if (verdict != null) {
                return verdict;
            }
        }
        return null;
    }

    private @Nullable Verdict address(String address, Facts facts, Inquiry inquiry) {
        return verdict(hosts.findAddress(table, address, inquiry), address, facts);
    }

    private @Nullable Verdict verdict(TableAnswer answer, String key, Facts facts) {
        return switch (answer.finding()) {
            case NOT_FOUND -> null;
            case UNAVAILABLE -> verdicts.unavailable(key, facts, of);
            case FOUND ->
                answer.value().isEmpty()
                        ? verdicts.unavailable(key, facts, of)
                        : verdicts.of(answer.value(), key, facts, of);
        };
    }
}
