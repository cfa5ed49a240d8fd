// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The client's side of a mechanism. Thread: that of the session. */
public interface SaslClient {
    /** What clients here can do, the best first. */
    List<String> MECHANISMS = List.of("SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN");

    /** Those that send the password itself. */
    Set<String> PLAINTEXT = Set.of("PLAIN", "LOGIN");

    /** One of {@link #MECHANISMS}, which says nothing of whom the client wants to act as. */
    static SaslClient of(String mechanism, String user, String password, SecureRandom random) {
        return of(mechanism, "", user, password, random);
    }

    /** {@code authorization}: whom it wants to act as, to mechanisms that have a place for that; empty: as {@code user}. */
    static SaslClient of(String mechanism, String authorization, String user, String password, SecureRandom random) {
        return switch (mechanism.toUpperCase(Locale.ROOT)) {
            case "SCRAM-SHA-256" -> new ScramClient(authorization, user, password, ScramText.newNonce(random));
            case "CRAM-MD5" -> new CramMd5Client(user, password);
            case "PLAIN" -> new PlainClient(authorization, user, password);
            case "LOGIN" -> new LoginClient(user, password);
            default -> throw new IllegalArgumentException("mechanism: " + mechanism);
        };
    }

    /** What is said before the server says anything; null: nothing. */
    byte @Nullable [] initialResponse();

    /** The answer to a challenge; null: the challenge makes no sense, or does not come from who knows the password. */
    byte @Nullable [] respond(byte[] challenge);

    /** Whether the server may say now that the client is in. */
    default boolean isComplete() {
        return true;
    }
}
