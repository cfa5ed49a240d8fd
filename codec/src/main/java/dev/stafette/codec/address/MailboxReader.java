// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mailbox that is more than a dot-string at a host name: quotes, escapes, comments, source routes, literals,
 * white space, other scripts (RFC 5321 §4.1.2, RFC 5322 §3.4, RFC 6531 §3.3).
 * Thread: its owner's; for one use.
 *
 * <p>As lenient as Postfix without strict_rfc821_envelopes: {@code a@b@c} has the domain {@code c}, colons and odd dots
 * in a local part are kept and quoted later, comments and phrases vanish.
 */
final class MailboxReader {
    /** RFC 5321 §4.5.3.1.1. */
    private static final int LOCAL_PART_BYTES_MAX = 64;

    /** RFC 5321 §4.5.3.1.3; for a longer local part than it should be, as Postfix accepts. */
    private static final int PATH_BYTES_MAX = 256;

    private final String text;
    private final boolean strict;
    private final StringBuilder canonical;

    // State of one read.
    private int at;
    private int lastAt = -1;
    private boolean afterWord;
    private boolean sawQuote;
    private boolean quotedDomain;
    private boolean sawLiteral;

    private MailboxReader(String text, boolean strict) {
        this.text = text;
        this.strict = strict;
        this.canonical = new StringBuilder(text.length());
    }

    /** Returns null for what is no mailbox; the text is without the angle brackets of the path. */
    static @Nullable MailAddress read(String text, boolean strict) {
        String mailbox = text.strip();
        for (int i = 0; i < mailbox.length(); i++) {
            if (!isPrintable(mailbox.charAt(i))) {
                return null;
            }
        }
        if (mailbox.isEmpty()) {
            return MailAddress.NULL;
        }
        String inner = strict ? mailbox : withoutPhrase(mailbox);
        return inner == null ? null : new MailboxReader(inner, strict).read();
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && (c < 0x7f || c > 0x9f) && c != '\u2028' && c != '\u2029';
    }

    /** {@code Foo Bar <a@b>} is what some put into the brackets of a path. */
    private static @Nullable String withoutPhrase(String mailbox) {
        boolean quoted = false;
        for (int i = 0; i < mailbox.length(); i++) {
            char c = mailbox.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '<' && !quoted) {
                boolean closed = mailbox.endsWith(">") && mailbox.length() > i + 2;
                return closed ? mailbox.substring(i + 1, mailbox.length() - 1) : null;
            } else if (!quoted && !AddressParser.isAtext(c) && c != '.' && c != ' ') {
                break;
            }
        }
        return mailbox;
    }

    private @Nullable MailAddress read() {
        skipRoute();
        while (at < text.length()) {
            if (!readToken(text.charAt(at))) {
                return null;
            }
        }
        return address();
    }

    /** RFC 5321 App. C: a server may ignore the route and go to the mailbox itself. */
    private void skipRoute() {
        while (at < text.length() && text.charAt(at) == '@') {
            int colon = text.indexOf(':', at);
            if (colon < 0 || !isRoute(at, colon)) {
                return;
            }
            at = colon + 1;
            if (strict) {
                return;
            }
        }
    }

    private boolean isRoute(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!AddressParser.isAtext(c) && c != '.' && c != ',' && c != '@' && c != ' ') {
                return false;
            }
        }
        return true;
    }

    private boolean readToken(char c) {
        switch (c) {
            case ' ':
                at++;
                return true;
            case '(':
                return !strict && skipComment();
            case '"':
                return !afterWord && readQuoted();
            case '[':
                return readLiteral();
            case '@':
                if (strict && canonical.isEmpty() && !sawQuote) {
                    return false;
                }
                lastAt = canonical.length();
                quotedDomain = false;
                return readSeparator(c);
            case '.', ':':
                return readSeparator(c);
            default:
                return !afterWord && readAtom();
        }
    }

    private boolean readSeparator(char c) {
        canonical.append(c);
        afterWord = false;
        at++;
        return true;
    }

    private boolean skipComment() {
        int close = CommentSyntax.endOf(text, at);
        at = close < 0 ? text.length() : close;
        return close >= 0;
    }

    private boolean readQuoted() {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                afterWord = true;
                sawQuote = true;
                quotedDomain = true;
                return true;
            }
            if (c == '\\') {
                if (at == text.length()) {
                    return false;
                }
                c = text.charAt(at++);
            }
            canonical.append(c);
        }
        return false;
    }

    private boolean readLiteral() {
        int end = text.indexOf(']', at);
        if (end < 0 || lastAt < 0 || lastAt != canonical.length() - 1) {
            return false;
        }
        canonical.append(text, at, end + 1);
        at = end + 1;
        afterWord = true;
        sawLiteral = true;
        return true;
    }

    private boolean readAtom() {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                if (at + 1 == text.length()) {
                    return false;
                }
                quotedDomain = true;
                c = text.charAt(++at);
            } else if (!AddressParser.isAtext(c)) {
                break;
            }
            canonical.append(c);
            at++;
        }
        afterWord = true;
        return at > start;
    }

    private @Nullable MailAddress address() {
        if (lastAt < 0) {
            String localPart = canonical.toString();
            return localPart.isEmpty() || !fits(localPart, "") ? null : MailAddress.of(localPart, "");
        }
        String localPart = canonical.substring(0, lastAt);
        String domain = canonical.substring(lastAt + 1);
        if (domain.endsWith(".")) {
            domain = domain.substring(0, domain.length() - 1);
        }
        if (quotedDomain || !isDomain(domain)) {
            return null;
        }
        return fits(localPart, domain) ? MailAddress.of(localPart, domain) : null;
    }

    private boolean isDomain(String domain) {
        if (sawLiteral) {
            return DomainName.isLiteral(domain);
        }
        return DomainName.isHostName(domain) || (!isAscii(domain) && DomainName.isInternational(domain));
    }

    private static boolean fits(String localPart, String domain) {
        return fits(bytes(localPart), bytes(domain));
    }

    static boolean fits(int localBytes, int domainBytes) {
        return domainBytes <= DomainName.BYTES_MAX
                && (localBytes <= LOCAL_PART_BYTES_MAX || localBytes + 1 + domainBytes <= PATH_BYTES_MAX);
    }

    private static int bytes(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
