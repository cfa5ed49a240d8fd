// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;

/** What may be wrong with a server's TLS, or with what its domain publishes of that (RFC 8460 §4.3). Thread: any. */
public enum TlsFailure {
    STARTTLS_NOT_SUPPORTED,
    CERTIFICATE_HOST_MISMATCH,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_TRUSTED,
    VALIDATION_FAILURE,
    TLSA_INVALID,
    DNSSEC_INVALID,
    DANE_REQUIRED,
    STS_POLICY_FETCH_ERROR,
    STS_POLICY_INVALID,
    STS_WEBPKI_INVALID;

    /** As reports have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Of a chain that nobody whom we trust vouches for. */
    static TlsFailure ofUntrusted(X509Certificate[] chain) {
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity();
            }
            return CERTIFICATE_NOT_TRUSTED;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return CERTIFICATE_EXPIRED;
        }
    }
}
