// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a server has to keep of a password for SCRAM-SHA-256 (RFC 5802 §3): nobody can log in with it.
 * Thread: any (a value). Making it takes milliseconds, as it is meant to.
 */
public record ScramKeys(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    /** RFC 7677 §4: at least. */
    public static final int ITERATIONS_MIN = 4096;

    /** A login must end before its client gives up. */
    static final int ITERATIONS_MAX = 10_000_000;

    static final int HASH_BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    public static ScramKeys of(String password, byte[] salt, int iterations) {
        byte[] salted = saltedPassword(password, salt, iterations);
        return new ScramKeys(iterations, salt, hash(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
    }

    /** The password is normalised (RFC 4013, of which this is what matters to those who type it). */
    static byte[] saltedPassword(String password, byte[] salt, int iterations) {
        char[] normal = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(normal, salt, iterations, HASH_BYTES * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A salt for a user who does not exist; who asks twice must not see that he does not. */
    public static byte[] saltOf(byte[] secret, String user) {
        return hmac(secret, user);
    }

    static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] xor(byte[] a, byte[] b) {
        byte[] out = new byte[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (a[i] ^ b[i]);
        }
        return out;
    }

    public boolean isOf(String password) {
        return MessageDigest.isEqual(storedKey, of(password, salt, iterations).storedKey);
    }

    /** {@code ITERATIONS,SALT,STOREDKEY,SERVERKEY}, as Dovecot has it behind {@code {SCRAM-SHA-256}}. Null when it is none. */
    public static @Nullable ScramKeys parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 4) {
            return null;
        }
        try {
            int iterations = Integer.parseInt(parts[0]);
            ScramKeys keys = new ScramKeys(
                    iterations,
                    Base64.getDecoder().decode(parts[1]),
                    Base64.getDecoder().decode(parts[2]),
                    Base64.getDecoder().decode(parts[3]));
            boolean isWhole = keys.salt.length > 0
                    && keys.storedKey.length == HASH_BYTES
                    && keys.serverKey.length == HASH_BYTES
                    && iterations > 0
                    && iterations <= ITERATIONS_MAX;
            return isWhole ? keys : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public String format() {
        Base64.Encoder base64 = Base64.getEncoder();
        return iterations + "," + base64.encodeToString(salt) + ',' + base64.encodeToString(storedKey) + ','
                + base64.encodeToString(serverKey);
    }
}
