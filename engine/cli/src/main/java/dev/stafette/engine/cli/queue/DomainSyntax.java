// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

/**
 * What may be a domain on a command line.
 * Thread: any.
 */
final class DomainSyntax {
    /** RFC 1035 §2.3.4. */
    private static final int DOMAIN_LENGTH_MAX = 255;

    private static final int LABEL_LENGTH_MAX = 63;

    private DomainSyntax() {}

    /** A name of letters, digits, hyphens and underscores, or an address in brackets (RFC 5321 §4.1.3). */
    static boolean isDomain(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return text.length() > 2
                    && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "[].:".indexOf(c) >= 0);
        }
        if (text.isEmpty() || text.length() > DOMAIN_LENGTH_MAX) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            boolean edges = label.startsWith("-") || label.endsWith("-");
            if (label.isEmpty() || label.length() > LABEL_LENGTH_MAX || edges || !isLabel(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabel(String label) {
        return label.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }
}
