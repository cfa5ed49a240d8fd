// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Octets, of which one char is one, and how they were written (RFC 2045 §6). What cannot be read stays as it is.
 * Thread: any.
 */
final class Octets {
    private Octets() {}

    /** As people read it: UTF-8 where it is that. */
    static String text(String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return octets;
        }
    }

    static String decoded(String written, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> ofBase64(written);
            case "quoted-printable" -> ofQuotedPrintable(written);
            default -> written;
        };
    }

    private static String ofBase64(String written) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(written.getBytes(StandardCharsets.ISO_8859_1));
            return new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        } catch (IllegalArgumentException e) {
            return written;
        }
    }

    private static String ofQuotedPrintable(String written) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '=') {
                out.write(c);
                continue;
            }
            int lineEnd = i + 1;
            while (lineEnd < written.length() && (written.charAt(lineEnd) == ' ' || written.charAt(lineEnd) == '\t')) {
                lineEnd++;
            }
            int high = i + 2 < written.length() ? Character.digit(written.charAt(i + 1), 16) : -1;
            int low = i + 2 < written.length() ? Character.digit(written.charAt(i + 2), 16) : -1;
            if (lineEnd >= written.length() || written.charAt(lineEnd) == '\n') {
                i = lineEnd;
            } else if (high >= 0 && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
