// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client demands of the servers of a next hop. A connection that was made by one policy is not used by another.
 * Thread: any (a value).
 *
 * @param matches what the certificate must name: domains, those below a domain ({@code .domain}), or {@link #HOST_NAME};
 *     fingerprints for that level
 * @param serverName sent to the server (RFC 6066 §3): a name, {@link #HOST_NAME}, or empty for none
 * @param associations what its certificate is measured by, at level {@link TlsLevel#DANE}; at levels VERIFY and SECURE, who alone
 *     is trusted to vouch for it, if anybody is named
 * @param rules what is demanded of a single host is found out by these; null: this
 * @param fault why it is not known, so that nothing can be sent; null: it is
 * @param failure what that is in reports; null: it is in none
 * @param reported what reports to the domain say of it; null: there are none
 */
public record TlsPolicy(
        TlsLevel level,
        Set<TlsVersion> protocols,
        CipherList ciphers,
        List<String> matches,
        String serverName,
        @Nullable String fault,
        Associations associations,
        @Nullable HostRules rules,
        @Nullable TlsFailure failure,
        @Nullable ReportedPolicy reported) {
    /** Stands for the name of the server that is connected to. */
    public static final String HOST_NAME = "hostname";

    /** A fault that is over when the table answers again. */
    public static final String TABLE_UNAVAILABLE = "Temporary lookup error";

    /** No TLS. */
    public static final TlsPolicy NONE =
            new TlsPolicy(TlsLevel.NONE, Set.of(), CipherList.parse(""), List.of(), "", null);

    /** Of all hosts, by their names or not at all. */
    public TlsPolicy(
            TlsLevel level,
            Set<TlsVersion> protocols,
            CipherList ciphers,
            List<String> matches,
            String serverName,
            @Nullable String fault) {
        this(level, protocols, ciphers, matches, serverName, fault, Associations.NONE, null, null, null);
    }

    /** Of a domain that reports go to. */
    public TlsPolicy reportedAs(@Nullable ReportedPolicy as) {
        return as == null
                ? this
                : new TlsPolicy(
                        level, protocols, ciphers, matches, serverName, fault, associations, rules, failure, as);
    }

    public TlsPolicy {
        protocols = Set.copyOf(protocols);
        matches = List.copyOf(matches);
    }

    /** The same, where these alone may vouch for a server. */
    public TlsPolicy anchoredIn(Associations anchors) {
        return new TlsPolicy(level, protocols, ciphers, matches, serverName, fault, anchors, rules, failure, reported);
    }

    /** Of a next hop whose hosts are judged by these. */
    public TlsPolicy byHost(HostRules of) {
        return new TlsPolicy(
                level, protocols, ciphers, matches, serverName, fault, associations, of, failure, reported);
    }

    /** For a message whose sender wants it to arrive, whatever a domain demands (RFC 8689 §3): what others demand holds. */
    public TlsPolicy waived() {
        return rules == null ? this : rules.otherwise();
    }

    /** The same where nothing is to go in the clear (RFC 8689 §4.2.1). */
    public TlsPolicy encrypted() {
        return level != TlsLevel.MAY
                ? this
                : new TlsPolicy(
                        TlsLevel.ENCRYPT,
                        protocols,
                        ciphers,
                        matches,
                        serverName,
                        fault,
                        associations,
                        rules,
                        failure,
                        reported);
    }

    public static TlsPolicy faulty(String fault) {
        return new TlsPolicy(TlsLevel.ENCRYPT, Set.of(), NONE.ciphers, List.of(), "", fault);
    }

    /** The same for one host, in the words of reports. */
    public static TlsPolicy faulty(String fault, TlsFailure failure, @Nullable ReportedPolicy reported) {
        return new TlsPolicy(
                TlsLevel.ENCRYPT,
                Set.of(),
                NONE.ciphers,
                List.of(),
                "",
                fault,
                Associations.NONE,
                null,
                failure,
                reported);
    }
}
