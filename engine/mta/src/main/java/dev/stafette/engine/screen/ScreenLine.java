// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A command line: the first word, and what is behind it. Spaces alone are between words, and NUL ends the line.
 * Thread: event loop.
 */
final class ScreenLine {
    private final byte[] bytes;
    private final int end;
    private final int wordStart;
    private final int wordEnd;

    /** {@code bytes}: without the end of the line. */
    ScreenLine(byte[] bytes) {
        this.bytes = bytes;
        int nul = 0;
        while (nul < bytes.length && bytes[nul] != 0) {
            nul++;
        }
        this.end = nul;
        int at = 0;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        this.wordStart = at;
        while (at < end && bytes[at] != ' ') {
            at++;
        }
        this.wordEnd = at;
    }

    byte[] wordBytes() {
        return Arrays.copyOfRange(bytes, wordStart, wordEnd);
    }

    String word() {
        return new String(bytes, wordStart, wordEnd - wordStart, StandardCharsets.ISO_8859_1);
    }

    byte[] restBytes() {
        return wordEnd < end ? Arrays.copyOfRange(bytes, wordEnd + 1, end) : new byte[0];
    }

    /** As text; what is no UTF-8 is replaced. */
    private String rest() {
        return new String(restBytes(), StandardCharsets.UTF_8);
    }

    /** The second word; null without one. */
    @Nullable
    String argument() {
        String rest = rest().replaceFirst("^ +", "");
        int space = rest.indexOf(' ');
        String word = space < 0 ? rest : rest.substring(0, space);
        return word.isEmpty() ? null : word;
    }

    /** Behind the colon of {@code FROM:} or {@code TO:}, unquoted and without a route; null without a colon. */
    @Nullable
    String address() {
        String rest = rest();
        int colon = rest.indexOf(':');
        if (colon < 0) {
            return null;
        }
        int at = colon + 1;
        while (at < rest.length() && rest.charAt(at) == ' ') {
            at++;
        }
        boolean isInBrackets = at < rest.length() && rest.charAt(at) == '<';
        String address = unquoted(rest, isInBrackets ? at + 1 : at, isInBrackets ? '>' : ' ');
        int route = address.startsWith("@") ? address.indexOf(':') : -1;
        return address.substring(route + 1);
    }

    private static String unquoted(String text, int from, char stop) {
        StringBuilder address = new StringBuilder();
        boolean isQuoted = false;
        for (int i = from; i < text.length() && (isQuoted || text.charAt(i) != stop); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c != '\\') {
                address.append(c);
            } else if (++i < text.length()) {
                address.append(text.charAt(i));
            }
        }
        return address.toString();
    }

    /** The word is that of a header field: {@code Subject:}. */
    boolean isHeader() {
        for (int i = wordStart; i < wordEnd; i++) {
            byte b = bytes[i];
            if (b == ':') {
                return i > wordStart;
            }
            if (b <= ' ' || b == 0x7f) {
                return false;
            }
        }
        return false;
    }

    /** The word is UTF-8. */
    boolean isUtf8() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, wordStart, wordEnd - wordStart));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
