// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Digests of certificates and public keys, as Postfix compares and logs them ({@code *_tls_fingerprint_digest}).
 * Thread: any (a value).
 *
 * @param algorithm as Java has it
 */
public record Fingerprint(String algorithm) {
    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    /** {@code name} as OpenSSL has it; a {@link TlsException} says that there is no such digest. */
    public static Fingerprint of(String name) {
        String algorithm = name.toUpperCase(Locale.ROOT).replace("-", "").replaceFirst("^SHA(\\d)", "SHA-$1");
        try {
            MessageDigest.getInstance(algorithm);
            return new Fingerprint(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new TlsException(name + " (expected: md5, sha1, sha256, sha384 or sha512)");
        }
    }

    String ofCertificate(X509Certificate certificate) {
        try {
            return digest(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that came encoded", e);
        }
    }

    String ofPublicKey(X509Certificate certificate) {
        return digest(certificate.getPublicKey().getEncoded());
    }

    private String digest(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm, e);
        }
    }
}
