// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What turns the policy of a next hop into that of one of its hosts, by what DNS says of it.
 * Thread: any (a value).
 *
 * @param dane what is made of TLSA records; null: nothing
 * @param otherwise holds for a host to which they do not apply; faulty where nothing is sent then
 * @param mandatory for a host with records that cannot be used; those that can go on top of it
 * @param nextHop the domain, which a certificate may also have
 * @param mx the servers that its policy allows (RFC 8461 §3.2): names, or {@code *.domain}; empty: it has none
 * @param allowed for those servers
 * @param reported what reports to the domain say of that; null: there are none
 */
public record HostRules(
        @Nullable DaneTerms dane,
        TlsPolicy otherwise,
        TlsPolicy mandatory,
        String nextHop,
        List<String> mx,
        TlsPolicy allowed,
        @Nullable ReportedPolicy reported) {
    public HostRules {
        mx = List.copyOf(mx);
    }

    /** As a domain has published it. */
    public HostRules(
            @Nullable DaneTerms dane,
            TlsPolicy otherwise,
            TlsPolicy mandatory,
            String nextHop,
            List<String> mx,
            @Nullable ReportedPolicy reported) {
        this(dane, otherwise, mandatory, nextHop, mx, published(mandatory), reported);
    }

    /** RFC 8461 §4.2: the certificate has the name of the host. */
    private static TlsPolicy published(TlsPolicy mandatory) {
        return new TlsPolicy(
                TlsLevel.STS,
                mandatory.protocols(),
                mandatory.ciphers(),
                List.of(TlsPolicy.HOST_NAME),
                TlsPolicy.HOST_NAME,
                null);
    }

    /** Of one without TLSA records. {@code host}: as the route has it. */
    public TlsPolicy withoutRecords(String host) {
        if (mx.isEmpty()) {
            return otherwise.reportedAs(reported);
        }
        if (!allows(mx, host)) {
            return TlsPolicy.faulty(
                    "MTA-STS policy of " + nextHop + " does not allow host " + host,
                    TlsFailure.VALIDATION_FAILURE,
                    reported);
        }
        return allowed.reportedAs(reported);
    }

    static boolean allows(List<String> mx, String host) {
        return mx.stream().anyMatch(pattern -> matches(pattern, host));
    }

    /** In place of a host's policy, when its TLSA records are no good. */
    public TlsPolicy faulty(String fault, TlsFailure failure) {
        return TlsPolicy.faulty(fault, failure, reported == null ? null : reported.byRecords(List.of()));
    }

    /** RFC 8461 §4.1: a star stands for one label, the first. */
    private static boolean matches(String pattern, String host) {
        return pattern.startsWith("*.")
                ? host.indexOf('.') > 0 && host.substring(host.indexOf('.')).equalsIgnoreCase(pattern.substring(1))
                : host.equalsIgnoreCase(pattern);
    }

    /** By such records, which stand below {@code base}. {@code host}: as the route has it. */
    public TlsPolicy byRecords(Associations records, String base, String host) {
        List<String> names = new ArrayList<>(List.of(base));
        for (String name : List.of(host, nextHop)) {
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return new TlsPolicy(
                TlsLevel.DANE,
                mandatory.protocols(),
                mandatory.ciphers(),
                names,
                base,
                null,
                records,
                null,
                null,
                reported == null ? null : reported.byRecords(records.records()));
    }
}
