// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259), strictly: one value, nothing around it but white space, no duplicates of a name.
 * Thread: the one that made it.
 *
 * <p>Objects come as {@link JsonObject}, arrays as lists without their nulls, numbers as Long where they are whole and as
 * Double else.
 */
final class JsonReader {
    private static final int NESTING_MAX = 16;

    /** What {@code null} becomes on the way; it does not leave this class. */
    private static final Object NULL = new Object();

    private final String text;
    private int at;
    private int nesting;

    JsonReader(String text) {
        this.text = text;
    }

    @Nullable
    JsonObject readObject() {
        Object value = readValue();
        skipSpace();
        return value instanceof JsonObject object && at == text.length() ? object : null;
    }

    /** Null stands for a syntax error, in every method of this class. */
    private @Nullable Object readValue() {
        skipSpace();
        if (at == text.length()) {
            return null;
        }
        return switch (text.charAt(at)) {
            case '{' -> readMembers();
            case '[' -> readElements();
            case '"' -> readString();
            case 't' -> readWord("true", Boolean.TRUE);
            case 'f' -> readWord("false", Boolean.FALSE);
            case 'n' -> readWord("null", NULL);
            default -> readNumber();
        };
    }

    private @Nullable JsonObject readMembers() {
        if (++nesting > NESTING_MAX) {
            return null;
        }
        JsonObject object = new JsonObject();
        at++;
        if (!take('}')) {
            do {
                skipSpace();
                String name = at < text.length() && text.charAt(at) == '"' ? readString() : null;
                if (name == null || object.has(name) || !take(':')) {
                    return null;
                }
                Object value = readValue();
                if (value == null) {
                    return null;
                }
                if (value != NULL) {
                    object.put(name, value);
                }
            } while (take(','));
            if (!take('}')) {
                return null;
            }
        }
        nesting--;
        return object;
    }

    private @Nullable List<Object> readElements() {
        if (++nesting > NESTING_MAX) {
            return null;
        }
        List<Object> elements = new ArrayList<>();
        at++;
        if (!take(']')) {
            do {
                Object value = readValue();
                if (value == null) {
                    return null;
                }
                if (value != NULL) {
                    elements.add(value);
                }
            } while (take(','));
            if (!take(']')) {
                return null;
            }
        }
        nesting--;
        return elements;
    }

    private boolean take(char c) {
        skipSpace();
        if (at == text.length() || text.charAt(at) != c) {
            return false;
        }
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private @Nullable Object readWord(String word, Object value) {
        if (!text.startsWith(word, at)) {
            return null;
        }
        at += word.length();
        return value;
    }

    private @Nullable String readString() {
        int from = ++at;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return text.substring(from, at++);
        }
        StringBuilder out = new StringBuilder().append(text, from, at);
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                return null;
            }
            if (c != '\\') {
                out.append(c);
            } else if (!readEscape(out)) {
                return null;
            }
        }
        return null;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\';
    }

    private boolean readEscape(StringBuilder out) {
        if (at == text.length()) {
            return false;
        }
        char c = text.charAt(at++);
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            out.append("\"\\/\b\f\n\r\t".charAt(plain));
            return true;
        }
        if (c != 'u' || at + 4 > text.length()) {
            return false;
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(text.charAt(at++), 16);
            if (digit < 0) {
                return false;
            }
            code = code << 4 | digit;
        }
        out.append((char) code);
        return true;
    }

    private @Nullable Object readNumber() {
        int from = at;
        skip("-");
        int digitsFrom = at;
        skipDigits();
        boolean padded = at - digitsFrom > 1 && text.charAt(digitsFrom) == '0';
        if (at == digitsFrom || padded) {
            return null;
        }
        boolean whole = true;
        if (skip(".")) {
            whole = false;
            if (!skipDigits()) {
                return null;
            }
        }
        if (skip("eE")) {
            whole = false;
            skip("+-");
            if (!skipDigits()) {
                return null;
            }
        }
        String number = text.substring(from, at);
        // 18 digits always fit a long.
        if (whole && number.length() <= 18) {
            return Long.valueOf(number);
        }
        return Double.valueOf(number);
    }

    private boolean skip(String anyOf) {
        if (at < text.length() && anyOf.indexOf(text.charAt(at)) >= 0) {
            at++;
            return true;
        }
        return false;
    }

    private boolean skipDigits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > from;
    }
}
