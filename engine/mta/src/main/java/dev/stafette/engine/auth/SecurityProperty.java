// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a mechanism is known for, in the words of Dovecot's protocol. Thread: any. */
public enum SecurityProperty {
    ANONYMOUS("anonymous"),
    PLAINTEXT("plaintext"),
    DICTIONARY("dictionary"),
    ACTIVE("active"),
    FORWARD_SECRECY("forward-secrecy"),
    MUTUAL_AUTH("mutual-auth"),
    /** Not for clients. */
    PRIVATE("private");

    private final String word;

    SecurityProperty(String word) {
        this.word = word;
    }

    /** Null: one that nobody here knows, which changes nothing. */
    static @Nullable SecurityProperty of(String word) {
        for (SecurityProperty property : values()) {
            if (property.word.equals(word.toLowerCase(Locale.ROOT))) {
                return property;
            }
        }
        return null;
    }
}
