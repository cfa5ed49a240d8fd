// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** LOGIN, which no RFC has: whatever the server says, the user comes first and the password second. Thread: that of the session. */
final class LoginClient implements SaslClient {
    private final String user;
    private final String password;

    // Owned by the session.
    private int step;

    LoginClient(String user, String password) {
        this.user = user;
        this.password = password;
    }

    @Override
    public byte @Nullable [] initialResponse() {
        return null;
    }

    @Override
    public byte @Nullable [] respond(byte[] challenge) {
        step++;
        return switch (step) {
            case 1 -> user.getBytes(StandardCharsets.UTF_8);
            case 2 -> password.getBytes(StandardCharsets.UTF_8);
            default -> null;
        };
    }
}
