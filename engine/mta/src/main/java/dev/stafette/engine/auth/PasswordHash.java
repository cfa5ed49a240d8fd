// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.types.Argon2;
import com.password4j.types.Bcrypt;
import dev.stafette.codec.sasl.ScramKeys;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a file keeps of a password: by what it can be checked, and not known.
 * Thread: any (a value). Making and checking one takes tens of milliseconds, as it is meant to: not for an event loop.
 *
 * @param text as in the file
 * @param scram null for other kinds
 */
public record PasswordHash(Kind kind, String text, @Nullable ScramKeys scram) {
    private static final String SCRAM_PREFIX = "{SCRAM-SHA-256}";
    private static final int SALT_BYTES = 16;

    /** OWASP's figures of 2024 for argon2id and bcrypt; SCRAM's cost is the client's as well. */
    private static final int ARGON2_KIBIBYTES = 19_456;

    private static final int ARGON2_ROUNDS = 2;
    private static final int BCRYPT_COST = 11;
    private static final int SCRAM_ITERATIONS = 15_000;

    /** How passwords may be kept. */
    public enum Kind {
        /** For every mechanism. */
        SCRAM,
        BCRYPT,
        ARGON2ID
    }

    /** Null when it is none of them. */
    public static @Nullable PasswordHash parse(String text) {
        if (text.startsWith(SCRAM_PREFIX)) {
            ScramKeys keys = ScramKeys.parse(text.substring(SCRAM_PREFIX.length()));
            return keys == null ? null : new PasswordHash(Kind.SCRAM, text, keys);
        }
        if (text.startsWith("$argon2id$")) {
            return new PasswordHash(Kind.ARGON2ID, text, null);
        }
        boolean isBcrypt = text.startsWith("$2a$") || text.startsWith("$2b$") || text.startsWith("$2y$");
        return isBcrypt ? new PasswordHash(Kind.BCRYPT, text, null) : null;
    }

    public static PasswordHash of(Kind kind, String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return switch (kind) {
            case SCRAM -> {
                ScramKeys keys = ScramKeys.of(password, salt, SCRAM_ITERATIONS);
                yield new PasswordHash(kind, SCRAM_PREFIX + keys.format(), keys);
            }
            case BCRYPT ->
                new PasswordHash(
                        kind,
                        BcryptFunction.getInstance(Bcrypt.B, BCRYPT_COST)
                                .hash(password)
                                .getResult(),
                        null);
            case ARGON2ID ->
                new PasswordHash(
                        kind,
                        Argon2Function.getInstance(ARGON2_KIBIBYTES, ARGON2_ROUNDS, 1, 32, Argon2.ID)
                                .hash(password)
                                .getResult(),
                        null);
        };
    }

    /** Of somebody who does not exist: the same whenever he is asked for, and with a password that nobody has. */
    static ScramKeys scramOfNobody(byte[] secret, String user) {
        byte[] salt = Arrays.copyOf(ScramKeys.saltOf(secret, user), SALT_BYTES);
        return new ScramKeys(SCRAM_ITERATIONS, salt, new byte[32], new byte[32]);
    }

    /** A hash that is damaged is nobody's. */
    public boolean isOf(String password) {
        try {
            return switch (kind) {
                case SCRAM -> scram != null && scram.isOf(password);
                case BCRYPT -> BcryptFunction.getInstanceFromHash(text).check(password, text);
                case ARGON2ID -> Argon2Function.getInstanceFromHash(text).check(password, text);
            };
        } catch (RuntimeException e) {
            // The library has several for what is no hash, and none says more than that.
            return false;
        }
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
