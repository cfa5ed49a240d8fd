// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/**
 * What is kept of the certificate of the other end.
 * Thread: any (a value).
 *
 * @param subject its common name; empty: none
 * @param issuer the common name of who vouches for it, or the organization
 * @param fingerprint of the certificate, in hexadecimal with colons, by the digest that is configured
 * @param publicKeyFingerprint of its public key
 */
public record PeerCertificate(
        String subject, String issuer, String fingerprint, String publicKeyFingerprint, Trust trust) {
    /** For the log. */
    public String text() {
        return "subject_CN=" + subject + ", issuer=" + issuer + ", fingerprint=" + fingerprint + ", pkey_fingerprint="
                + publicKeyFingerprint;
    }
}
