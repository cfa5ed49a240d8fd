// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.Locale;

/**
 * A mailbox as it stands in an envelope: local part and domain (RFC 5321 §4.1.2), or the null reverse-path.
 * Thread: any (a value).
 *
 * <p>Equality compares the local part as it is and the domain without regard to case (RFC 5321 §2.4).
 */
public final class MailAddress {
    /** The null reverse-path {@code <>} (RFC 5321 §4.5.5). */
    public static final MailAddress NULL = new MailAddress("", "");

    private final String localPart;
    private final String domain;
    private final String external;

    private MailAddress(String localPart, String domain) {
        this.localPart = localPart;
        this.domain = domain;
        String quoted =
                needsQuotes(localPart) && !(localPart.isEmpty() && domain.isEmpty()) ? quote(localPart) : localPart;
        this.external = domain.isEmpty() ? quoted : quoted + '@' + domain;
    }

    private MailAddress(String localPart, String domain, String external) {
        this.localPart = localPart;
        this.domain = domain;
        this.external = external;
    }

    /**
     * The local part without quotes; an empty domain stands for an address without one. Wherever it comes from, it can neither end
     * the line of a command that names it nor a field's.
     */
    public static MailAddress of(String localPart, String domain) {
        return localPart.isEmpty() && domain.isEmpty()
                ? NULL
                : new MailAddress(withoutLineEnds(localPart), withoutLineEnds(domain));
    }

    private static String withoutLineEnds(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == 0) {
                return text.replace('\n', '?').replace('\r', '?').replace('\0', '?');
            }
        }
        return text;
    }

    /** For a local part that is known to need no quotes, when the whole is at hand already. */
    static MailAddress ofCanonical(String localPart, String domain, String external) {
        return new MailAddress(localPart, domain, external);
    }

    /** Unquoted, case kept. */
    public String localPart() {
        return localPart;
    }

    /** As given; empty when there is none. An address literal keeps its brackets. */
    public String domain() {
        return domain;
    }

    /** The domain in lower case, for look-ups and destinations. */
    public String domainKey() {
        return domain.toLowerCase(Locale.ROOT);
    }

    public boolean isNull() {
        return localPart.isEmpty() && domain.isEmpty();
    }

    public boolean isAscii() {
        for (int i = 0; i < external.length(); i++) {
            if (external.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The form of RFC 5321: quoted where needed, without angle brackets, empty for the null reverse-path. */
    public String external() {
        return external;
    }

    /** Without quotes, unless no line of a dialogue could have the address in it. */
    public String unquoted() {
        boolean isPlain = localPart.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '<' || c == '>');
        return isPlain && !isNull() ? domain.isEmpty() ? localPart : localPart + '@' + domain : external;
    }

    /** RFC 5321 §4.1.2: a dot-string needs no quotes. */
    public static boolean needsQuotes(String localPart) {
        if (localPart.isEmpty() || localPart.charAt(0) == '.' || localPart.endsWith(".")) {
            return true;
        }
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            boolean atext = c >= 0x80 || Character.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
            if (!atext && !(c == '.' && localPart.charAt(i - 1) != '.')) {
                return true;
            }
        }
        return false;
    }

    private static String quote(String localPart) {
        StringBuilder out = new StringBuilder(localPart.length() + 4).append('"');
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailAddress that
                && localPart.equals(that.localPart)
                && domain.equalsIgnoreCase(that.domain);
    }

    @Override
    public int hashCode() {
        return localPart.hashCode() * 31 + domainKey().hashCode();
    }

    @Override
    public String toString() {
        return external;
    }
}
