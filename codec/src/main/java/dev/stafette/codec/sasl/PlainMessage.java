// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one message of PLAIN (RFC 4616 §2).
 * Thread: any (a value).
 *
 * @param authorization whom the client wants to act as; empty: as {@code user}
 */
public record PlainMessage(String authorization, String user, String password) {
    /** Null when it is none: two NULs stand between three texts, of which the last two are not empty. */
    public static @Nullable PlainMessage parse(byte[] message) {
        String[] texts = new String(message, StandardCharsets.UTF_8).split("\0", -1);
        return texts.length == 3 && !texts[1].isEmpty() && !texts[2].isEmpty()
                ? new PlainMessage(texts[0], texts[1], texts[2])
                : null;
    }

    public byte[] format() {
        return (authorization + '\0' + user + '\0' + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "PLAIN of " + user;
    }
}
