// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in PEM form (RFC 7468): PKCS #8 for RSA and Ed25519, and PKCS #1, in which older opendkim-genkey wrote RSA.
 * Thread: any (a value).
 */
record KeyFile(SignatureAlgorithm algorithm, PrivateKey key) {
    /** RFC 8301 §3.2: verifiers take no signature of a shorter one. */
    private static final int RSA_BITS_MIN = 1024;

    private static final String EXPECTED =
            "a private key in PEM form, RSA of 1024 bits or more or Ed25519, without a passphrase";
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (RSA |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");

    /** Of PKCS #8 (RFC 5958): version 0, and the identifier of rsaEncryption (RFC 8017 §A.1) with its NULL. */
    private static final byte[] RSA_PREFIX = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    /** The object identifier of Ed25519 (RFC 8410 §3). */
    private static final byte[] ED25519 = {6, 3, 0x2b, 0x65, 0x70};

    private static final int ALGORITHM_WITHIN = 16;
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTET_STRING = 4;
    private static final byte THREE_LENGTH_BYTES = (byte) 0x82;
    /** The longest that two bytes of length tell, less what goes around it. */
    private static final int DER_BYTES_MAX = 0xffff - 64;

    /** @throws GeneralSecurityException with what was expected */
    static KeyFile read(String text, SigningProvider provider) throws GeneralSecurityException {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new GeneralSecurityException("expected: " + EXPECTED);
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("expected: " + EXPECTED, e);
        }
        if (der.length > DER_BYTES_MAX) {
            throw new GeneralSecurityException("expected: " + EXPECTED);
        }
        if (isEd25519(der)) {
            return new KeyFile(SignatureAlgorithm.ED25519_SHA256, key("EdDSA", der, provider));
        }
        PrivateKey key = key("RSA", pem.group(1).isEmpty() ? der : inPkcs8(der), provider);
        if (!(key instanceof RSAKey rsa) || rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new GeneralSecurityException("a short RSA key (expected: 1024 bits or more)");
        }
        return new KeyFile(SignatureAlgorithm.RSA_SHA256, key);
    }

    /** PKCS #8 has the algorithm near its start. */
    private static boolean isEd25519(byte[] der) {
        for (int at = 0; at < Math.min(ALGORITHM_WITHIN, der.length - ED25519.length); at++) {
            if (Arrays.equals(der, at, at + ED25519.length, ED25519, 0, ED25519.length)) {
                return true;
            }
        }
        return false;
    }

    private static PrivateKey key(String algorithm, byte[] pkcs8, SigningProvider provider)
            throws GeneralSecurityException {
        try {
            return provider.keys(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new GeneralSecurityException("expected: " + EXPECTED, e);
        }
    }

    private static byte[] inPkcs8(byte[] pkcs1) {
        byte[] wrapped = tagged(OCTET_STRING, pkcs1);
        byte[] inner = new byte[RSA_PREFIX.length + wrapped.length];
        System.arraycopy(RSA_PREFIX, 0, inner, 0, RSA_PREFIX.length);
        System.arraycopy(wrapped, 0, inner, RSA_PREFIX.length, wrapped.length);
        return tagged(SEQUENCE, inner);
    }

    /** With a length of two bytes, which each RSA key of 1024 bits or more needs. */
    private static byte[] tagged(byte tag, byte[] content) {
        int length = content.length;
        byte[] der = new byte[4 + length];
        der[0] = tag;
        der[1] = THREE_LENGTH_BYTES;
        der[2] = (byte) (length >> 8);
        der[3] = (byte) length;
        System.arraycopy(content, 0, der, 4, length);
        return der;
    }
}
