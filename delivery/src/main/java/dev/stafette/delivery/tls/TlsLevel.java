// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** How much a client demands of TLS, the least first ({@code smtp_tls_security_level}). Thread: any. */
public enum TlsLevel {
    NONE,
    MAY,
    ENCRYPT,
    FINGERPRINT,
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
