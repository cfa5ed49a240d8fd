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
    /** For the log of a server, and that of a client, which Postfix has in other words. */
    public String ofClient() {
        return text("issuer");
    }

    public String ofServer() {
        return text("issuer_CN");
    }

    private String text(String issuerWord) {
        return "subject_CN=" + subject + ", " + issuerWord + '=' + issuer + ", fingerprint=" + fingerprint
                + ", pkey_fingerprint=" + publicKeyFingerprint;
    }
}
