// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

/**
 * Comments between the words of an address (RFC 5322 §3.2.2): in parentheses, which nest, with a backslash before a
 * character that is meant as it is.
 * Thread: any (stateless).
 */
final class CommentSyntax {
    private CommentSyntax() {}

    /** Behind the comment that begins at {@code from}; -1 when nothing closes it. */
    static int endOf(String text, int from) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return at + 1;
            }
        }
        return -1;
    }
}
