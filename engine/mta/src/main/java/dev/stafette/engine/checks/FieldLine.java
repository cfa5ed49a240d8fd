// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

/**
 * Whether a line is a header field (RFC 5322 §2.2), white space in front of the colon allowed.
 * Thread: any (stateless).
 */
final class FieldLine {
    private FieldLine() {}

    /** Where the name ends; 0: it is no field. */
    static int nameEnd(CharSequence line) {
        int at = 0;
        while (at < line.length() && line.charAt(at) > ' ' && line.charAt(at) < 0x7f && line.charAt(at) != ':') {
            at++;
        }
        return isColonBehind(line, at) ? at : 0;
    }

    private static boolean isColonBehind(CharSequence line, int nameEnd) {
        int at = nameEnd;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at < line.length() && line.charAt(at) == ':';
    }
}
