// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.ArrayList;
import java.util.List;

/**
 * What turns the policy of a next hop into that of one of its hosts, by what DNS says of it.
 * Thread: any (a value).
 *
 * @param dane what is made of TLSA records
 * @param otherwise holds for a host to which they do not apply; faulty where nothing is sent then
 * @param mandatory for a host with records that cannot be used; those that can go on top of it
 * @param nextHop the domain, which a certificate may also have
 */
public record HostRules(DaneTerms dane, TlsPolicy otherwise, TlsPolicy mandatory, String nextHop) {
    /** By such records, which stand below {@code base}. {@code host}: as the route has it. */
    public TlsPolicy byRecords(Associations records, String base, String host) {
        List<String> names = new ArrayList<>(List.of(base));
        for (String name : List.of(host, nextHop)) {
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return new TlsPolicy(
                TlsLevel.DANE, mandatory.protocols(), mandatory.ciphers(), names, base, null, records, null);
    }
}
