// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import dev.stafette.delivery.dns.TlsaRecord;
import java.util.List;

/**
 * What a domain publishes of its servers' TLS, as reports to it have it (RFC 8460 §4.4).
 * Thread: any (a value).
 *
 * @param domain whose mail the servers take
 * @param text the policy, a line each: of MTA-STS, or TLSA records; empty for none
 * @param mx the servers that MTA-STS allows
 * @param isTested its failures are reported, and hinder nothing (RFC 8461 §5)
 */
public record ReportedPolicy(Type type, String domain, List<String> text, List<String> mx, boolean isTested) {
    /** In the words of reports. */
    public enum Type {
        STS("sts"),
        TLSA("tlsa"),
        NONE("no-policy-found");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public ReportedPolicy {
        text = List.copyOf(text);
        mx = List.copyOf(mx);
    }

    public static ReportedPolicy none(String domain) {
        return new ReportedPolicy(Type.NONE, domain, List.of(), List.of(), false);
    }

    /** The same domain, by TLSA records of a host. */
    ReportedPolicy byRecords(List<TlsaRecord> records) {
        return new ReportedPolicy(
                Type.TLSA,
                domain,
                records.stream()
                        .map(one -> one.usage() + " " + one.selector() + ' ' + one.matchingType() + ' ' + one.data())
                        .toList(),
                List.of(),
                false);
    }

    /** MTA-STS lets that host take the domain's mail (RFC 8461 §4.1): a star stands for one label, the first. */
    public boolean allows(String host) {
        return HostRules.allows(mx, host);
    }
}
