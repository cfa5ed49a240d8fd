// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.PublicKeyRecord;
import dev.stafette.codec.dkim.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/**
 * A domain's public key, ready for use.
 * Thread: any (a value).
 *
 * @param bits of an RSA key; 256 of Ed25519
 */
public record VerifyingKey(SignatureAlgorithm algorithm, PublicKey key, int bits) {
    private static final int ED25519_BYTES = 32;
    private static final int ED25519_BITS = 256;

    /** Of a public key (RFC 5280 §4.1.2.7) of Ed25519, before its bytes (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};

    /** Longer ones are slow, and no verifier needs to take them (RFC 8301 §3.2). */
    private static final int RSA_BITS_MAX = 8192;

    /** @throws GeneralSecurityException it is none */
    public static VerifyingKey of(PublicKeyRecord published) throws GeneralSecurityException {
        SigningProvider provider = SigningProvider.fastest();
        try {
            if (published.algorithm() == SignatureAlgorithm.ED25519_SHA256) {
                return new VerifyingKey(
                        SignatureAlgorithm.ED25519_SHA256, ed25519(published.key(), provider), ED25519_BITS);
            }
            PublicKey key = rsa(published.key(), provider);
            int bits = key instanceof RSAKey rsa ? rsa.getModulus().bitLength() : 0;
            if (bits == 0 || bits > RSA_BITS_MAX) {
                throw new GeneralSecurityException("an RSA key of " + bits + " bits");
            }
            return new VerifyingKey(SignatureAlgorithm.RSA_SHA256, key, bits);
        } catch (RuntimeException e) {
            throw new GeneralSecurityException("not a key", e);
        }
    }

    private static PublicKey rsa(byte[] der, SigningProvider provider) throws GeneralSecurityException {
        try {
            return provider.keys("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (InvalidKeySpecException e) {
            throw new GeneralSecurityException("not a key", e);
        }
    }

    private static PublicKey ed25519(byte[] bytes, SigningProvider provider) throws GeneralSecurityException {
        if (bytes.length != ED25519_BYTES) {
            throw new GeneralSecurityException("an Ed25519 key of " + bytes.length + " bytes");
        }
        byte[] der = new byte[ED25519_PREFIX.length + bytes.length];
        System.arraycopy(ED25519_PREFIX, 0, der, 0, ED25519_PREFIX.length);
        System.arraycopy(bytes, 0, der, ED25519_PREFIX.length, bytes.length);
        return provider.keys("EdDSA").generatePublic(new X509EncodedKeySpec(der));
    }

    /** Whether the signature is of these bytes, one piece after the other. */
    public boolean holds(List<byte[]> signed, byte[] signature) {
        SigningProvider provider = SigningProvider.fastest();
        try {
            boolean isRsa = algorithm == SignatureAlgorithm.RSA_SHA256;
            Signature verifier = provider.signature(isRsa ? "SHA256withRSA" : "EdDSA");
            verifier.initVerify(key);
            if (isRsa) {
                for (byte[] piece : signed) {
                    verifier.update(piece);
                }
            } else {
                // RFC 8463 §3.
                MessageDigest hash = MessageDigest.getInstance("SHA-256");
                signed.forEach(hash::update);
                verifier.update(hash.digest());
            }
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            // A signature of the wrong length, among others.
            return false;
        }
    }
}
