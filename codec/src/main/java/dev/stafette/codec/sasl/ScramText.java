// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The attributes of SCRAM's messages (RFC 5802 §5.1, §7). Thread: any. */
final class ScramText {
    private static final int NONCE_BYTES = 18;

    private ScramText() {}

    /** Printable, without commas. */
    static String newNonce(SecureRandom random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The value of an attribute that has to be at this place; null where it is not. */
    static @Nullable String value(String[] attributes, int index, char name) {
        if (index >= attributes.length) {
            return null;
        }
        String attribute = attributes[index];
        return attribute.length() >= 2 && attribute.charAt(0) == name && attribute.charAt(1) == '='
                ? attribute.substring(2)
                : null;
    }

    static String escape(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    /** Null where an equals sign stands for neither. */
    static @Nullable String unescape(String name) {
        return name.replace("=2C", "").replace("=3D", "").indexOf('=') >= 0
                ? null
                : name.replace("=2C", ",").replace("=3D", "=");
    }

    /** Null when it is none. */
    static byte @Nullable [] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
