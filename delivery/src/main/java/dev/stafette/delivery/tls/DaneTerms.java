// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.List;

/**
 * What a client makes of TLSA records (RFC 7672).
 * Thread: any (a value).
 *
 * @param isOnly nothing is sent to a server without usable ones ({@code dane-only})
 * @param insecureMx what holds for a server that has some, when nobody vouches for the MX record that names it:
 *     {@link TlsLevel#MAY}, {@link TlsLevel#ENCRYPT} or {@link TlsLevel#DANE} ({@code smtp_tls_dane_insecure_mx_policy})
 * @param digests matching types that are digests, the preferred first ({@code tls_dane_digests})
 * @param forcesLookup also for a host whose addresses nobody vouches for ({@code smtp_tls_force_insecure_host_tlsa_lookup})
 */
public record DaneTerms(boolean isOnly, TlsLevel insecureMx, List<Integer> digests, boolean forcesLookup) {
    public DaneTerms {
        digests = List.copyOf(digests);
    }
}
