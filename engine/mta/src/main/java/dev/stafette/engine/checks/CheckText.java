// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Octets of a message as the text that tables look at, and back: UTF-8, or what is none of it as ISO 8859-1, so that no octet is lost.
 * Thread: any (stateless).
 */
final class CheckText {
    private CheckText() {}

    static String decode(byte[] octets, int length) {
        if (isAscii(octets, length)) {
            return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** Octets that are not UTF-8 are shown as question marks. */
    static String forLog(byte[] octets, int length) {
        String text = decode(octets, length);
        return isUtf8(octets, length) ? text : text.replaceAll("[\\x80-\\xff]", "?");
    }

    private static boolean isUtf8(byte[] octets, int length) {
        return isAscii(octets, length)
                || !new String(octets, 0, length, StandardCharsets.ISO_8859_1).equals(decode(octets, length));
    }

    static boolean isAscii(byte[] octets, int length) {
        for (int i = 0; i < length; i++) {
            if (octets[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** {@code like}: the octets of what the text came from; where that is not UTF-8, the text is not made UTF-8 either. */
    static byte[] encode(String text, byte[] like, int likeLength) {
        boolean fits = text.chars().allMatch(c -> c < 256);
        return text.getBytes(isUtf8(like, likeLength) || !fits ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }
}
