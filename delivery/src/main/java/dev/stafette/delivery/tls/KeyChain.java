// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A private key with the certificate for it, and those of who vouches for that.
 * Thread: any (it does not change).
 *
 * @param certificates the first is that of the key
 */
public record KeyChain(PrivateKey key, List<X509Certificate> certificates) {
    /** Signed with the key to see whether the certificate is for it. */
    private static final byte[] PROBE = {1, 2, 3, 4};

    /** More than anybody has; certificates may vouch for each other in a ring. */
    private static final int CERTIFICATES_MAX = 10;

    public KeyChain {
        certificates = List.copyOf(certificates);
    }

    /** Of two files, which may be the same one. A {@link TlsException} says what is wrong with which. */
    public static KeyChain read(PemFiles files, String certificateFile, String keyFile) {
        List<X509Certificate> certificates = files.certificates(certificateFile);
        if (certificates.isEmpty()) {
            throw new TlsException(certificateFile + ": no certificate in it");
        }
        List<PrivateKey> keys = files.keys(keyFile);
        if (keys.isEmpty()) {
            throw new TlsException(keyFile + ": no private key in it");
        }
        return checked(new KeyChain(keys.get(0), certificates), certificateFile, keyFile);
    }

    /** Of a list of files that each have a key, and behind it its certificates; a key may also have a file of its own. */
    public static List<KeyChain> readAll(PemFiles files, List<String> names) {
        List<KeyChain> chains = new ArrayList<>();
        PrivateKey key = null;
        List<X509Certificate> certificates = new ArrayList<>();
        String at = "";
        for (String name : names) {
            for (Object item : files.items(name)) {
                if (item instanceof PrivateKey next) {
                    if (key != null) {
                        chains.add(complete(key, certificates, at));
                    }
                    key = next;
                    certificates = new ArrayList<>();
                } else if (key == null) {
                    throw new TlsException(name + ": a certificate stands before any private key");
                } else {
                    certificates.add((X509Certificate) item);
                }
                at = name;
            }
        }
        if (key == null) {
            throw new TlsException(String.join(", ", names) + ": no private key in it");
        }
        chains.add(complete(key, certificates, at));
        return chains;
    }

    private static KeyChain complete(PrivateKey key, List<X509Certificate> certificates, String file) {
        if (certificates.isEmpty()) {
            throw new TlsException(file + ": a private key without a certificate behind it");
        }
        return checked(new KeyChain(key, certificates), file, file);
    }

    private static KeyChain checked(KeyChain chain, String certificateFile, String keyFile) {
        PublicKey of = chain.certificates().get(0).getPublicKey();
        boolean matches;
        try {
            matches = of.getAlgorithm().equals(chain.key().getAlgorithm()) && isPair(of, chain.key());
        } catch (GeneralSecurityException e) {
            throw new TlsException(keyFile + ": " + e.getMessage());
        }
        if (!matches) {
            throw new TlsException(keyFile + ": the private key is not that of the certificate in " + certificateFile);
        }
        return chain;
    }

    private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm(publicKey));
        signature.initSign(privateKey);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        return signature.verify(signed);
    }

    private static String algorithm(PublicKey key) throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default ->
                throw new GeneralSecurityException(
                        key.getAlgorithm() + " keys are not supported (expected: RSA or ECDSA)");
        };
    }

    /**
     * With those behind it that vouch for it, as OpenSSL looks for them where a certificate stands alone: some clients know the
     * last of them only (RFC 7672 §3.1.2).
     */
    KeyChain completedBy(Collection<X509Certificate> known) {
        List<X509Certificate> complete = new ArrayList<>(certificates);
        while (certificates.size() == 1 && complete.size() < CERTIFICATES_MAX) {
            X509Certificate last = complete.get(complete.size() - 1);
            X509Certificate issuer = known.stream()
                    .filter(one -> !one.getSubjectX500Principal().equals(last.getSubjectX500Principal())
                            && Doubt.isIssuer(one, last))
                    .findFirst()
                    .orElse(null);
            if (issuer == null) {
                break;
            }
            complete.add(issuer);
        }
        return complete.size() == certificates.size() ? this : new KeyChain(key, complete);
    }

    /** {@code RSA} or {@code EC}. */
    public String algorithm() {
        return key.getAlgorithm();
    }

    public X509Certificate[] certificateArray() {
        return certificates.toArray(new X509Certificate[0]);
    }
}
