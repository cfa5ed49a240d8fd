// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.authres;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the field, and reads whose it is.
 * Thread: any.
 *
 * <pre>
 * Authentication-Results: mx.b.test;
 *     dkim=pass (2048-bit key) header.d=a.test header.s=mail;
 *     spf=pass smtp.mailfrom=a.test;
 *     dmarc=none
 * </pre>
 */
public final class AuthenticationResults {
    public static final String FIELD = "Authentication-Results";

    private static final String FOLD = "\r\n\t";
    private static final int LINE_MAX = 76;

    /** Of a value or comment that strangers chose. */
    private static final int TEXT_MAX = 256;

    /** A token, an address of two of them, or a domain (RFC 8601 §2.2, RFC 2045 §5.1). */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9!#$%&'*+^_`{|}~.-]*(@[A-Za-z0-9.-]+)?");

    private AuthenticationResults() {}

    /** The whole field, without its line end. {@code id}: whose it is. */
    public static String field(String id, List<MethodResult> results) {
        return FIELD + ": " + value(id, results);
    }

    /** What stands behind the colon. */
    public static String value(String id, List<MethodResult> results) {
        StringBuilder out = new StringBuilder(id);
        if (results.isEmpty()) {
            return out.append("; none").toString();
        }
        for (MethodResult result : results) {
            out.append(';').append(FOLD);
            write(result, out);
        }
        return out.toString();
    }

    private static void write(MethodResult result, StringBuilder out) {
        int lineStart = out.length();
        out.append(result.method()).append('=').append(result.result());
        if (!result.comment().isEmpty()) {
            lineStart = append("(" + comment(result.comment()) + ")", lineStart, out);
        }
        for (MethodResult.Property property : result.properties()) {
            lineStart = append(property.name() + "=" + quoted(property.value()), lineStart, out);
        }
    }

    private static int append(String word, int lineStart, StringBuilder out) {
        if (out.length() - lineStart + word.length() < LINE_MAX) {
            out.append(' ').append(word);
            return lineStart;
        }
        out.append(FOLD).append(' ').append(word);
        return out.length() - word.length();
    }

    private static String comment(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : start(text).toCharArray()) {
            if (c == '(' || c == ')' || c == '\\') {
                out.append('\\');
            }
            out.append(printable(c));
        }
        return out.toString();
    }

    private static String quoted(String value) {
        String text = start(value);
        if (!text.isEmpty() && PLAIN.matcher(text).matches()) {
            return text;
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(printable(c));
        }
        return out.append('"').toString();
    }

    private static String start(String text) {
        return text.substring(0, Math.min(text.length(), TEXT_MAX));
    }

    private static char printable(char c) {
        return c >= ' ' && c <= '~' ? c : '?';
    }

    /** Whose results they are; empty where that cannot be told. {@code value}: what stands behind the colon. */
    public static String idOf(String value) {
        int at = afterComments(value, 0);
        if (at < value.length() && value.charAt(at) == '"') {
            return quotedId(value, at + 1);
        }
        int end = at;
        while (end < value.length() && " \t\r\n;(".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        return value.substring(at, end);
    }

    private static String quotedId(String value, int from) {
        StringBuilder id = new StringBuilder();
        for (int at = from; at < value.length() && value.charAt(at) != '"'; at++) {
            if (value.charAt(at) == '\\' && at + 1 < value.length()) {
                at++;
            }
            id.append(value.charAt(at));
        }
        return id.toString();
    }

    /** Comments may nest, and may never end. */
    private static int afterComments(String value, int from) {
        int at = from;
        int depth = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (c == '\\' && depth > 0) {
                at++;
            } else if (depth == 0 && " \t\r\n".indexOf(c) < 0) {
                return at;
            }
            at++;
        }
        return value.length();
    }
}
