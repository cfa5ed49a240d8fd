// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** How much a client demands of TLS, the least first ({@code smtp_tls_security_level}). Thread: any. */
public enum TlsLevel {
    NONE,
    MAY,
    ENCRYPT,
    FINGERPRINT,
    /** By TLSA records; for a next hop that is to be found out for each host. */
    DANE,
    /** The same, and nothing is sent to a server that has none. */
    DANE_ONLY,
    /** As a domain's policy for its servers has it (MTA-STS); for a next hop that is to be found out for each host. */
    STS,
    VERIFY,
    SECURE;

    /** Nothing is sent in the clear. */
    public boolean isRequired() {
        return compareTo(ENCRYPT) >= 0;
    }

    /** Nothing is sent to whom the certificate does not name. */
    public boolean mustMatch() {
        return compareTo(FINGERPRINT) >= 0;
    }
}
