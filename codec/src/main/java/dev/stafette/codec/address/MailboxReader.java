// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mailbox that is more than a dot-string at a host name: quotes, escapes, comments, phrases, source routes,
 * literals, white space, other scripts (RFC 5321 §4.1.2, RFC 5322 §3.4, RFC 6531 §3.3).
 * Thread: its owner's; for one use.
 *
 * <p>As lenient as Postfix, which reads what stands in an envelope as it reads the addresses of a header: words are
 * gathered from right to left, for what is in angle brackets counts, and the words in front of them do not. What is not
 * closed ends with the text, two words side by side are two addresses, and two addresses are none.
 */
final class MailboxReader {
    /** Whom a route leads to that ends with its colon. */
    private static final String NOBODY = "MAILER-DAEMON";

    private final List<MailboxToken> tokens;

    // State of one read.
    private Deque<String> open = new ArrayDeque<>();
    private @Nullable Deque<String> address;
    private int addressCount;
    private boolean sawOther;
    /** A word may come now; else it begins an address of its own. */
    private boolean wordFits = true;

    private boolean inGroup;

    private MailboxReader(List<MailboxToken> tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns null for what is no mailbox, and the null address for what holds none.
     *
     * @param path with or without angle brackets
     * @param strict strict_rfc821_envelopes: brackets are needed, and nothing may stand beside the address
     */
    static @Nullable MailAddress read(String path, boolean strict, AddressAllowances allowances) {
        boolean bracketed = path.length() > 1 && path.charAt(0) == '<' && path.endsWith(">");
        String text = withoutRoute(bracketed ? path.substring(1, path.length() - 1) : path);
        MailboxReader reader = new MailboxReader(MailboxToken.scan(text));
        reader.gather();
        if (reader.addressCount > 1 || strict && (reader.sawOther || !path.startsWith("<"))) {
            return null;
        }
        String unquoted = reader.address == null ? "" : String.join("", reader.address);
        return strict && unquoted.startsWith("@") ? null : split(unquoted, allowances);
    }

    /** RFC 5321 App. C: a server may ignore the route and go to the mailbox itself. */
    private static String withoutRoute(String text) {
        return text.startsWith("@") ? text.substring(text.indexOf(':') + 1) : text;
    }

    // The words. -----------------------------------------------------------------------------------------------------

    private void gather() {
        int at = tokens.size() - 1;
        while (at >= 0) {
            at = take(at);
        }
        close(false);
    }

    /** Takes the token and perhaps some to its left; returns the index of the next one. */
    private int take(int at) {
        MailboxToken token = tokens.get(at);
        switch (token.kind()) {
            case MailboxToken.COMMENT:
                sawOther = true;
                return at - 1;
            case ';':
                close(true);
                sawOther = true;
                inGroup = true;
                wordFits = true;
                return at - 1;
            case ',':
                close(false);
                sawOther = true;
                wordFits = true;
                return at - 1;
            case '>':
                return takeBracketed(at);
            case ':':
                if (inGroup) {
                    close(false);
                    return skipPhrase(at, ",");
                }
                break;
            case MailboxToken.ATOM, MailboxToken.QUOTED, MailboxToken.LITERAL:
                if (!wordFits) {
                    close(true);
                }
                open.addFirst(token.text());
                wordFits = false;
                return at - 1;
            default:
                break;
        }
        open.addFirst(token.text());
        wordFits = true;
        return at - 1;
    }

    /** What is between the brackets, and the phrase in front of them. */
    private int takeBracketed(int close) {
        close(true);
        int at = close - 1;
        while (at >= 0 && tokens.get(at).kind() != '<') {
            MailboxToken token = tokens.get(at);
            if (token.kind() == MailboxToken.COMMENT) {
                sawOther = true;
            } else {
                open.addFirst(token.text());
            }
            at--;
        }
        close(false);
        wordFits = true;
        at = skipPhrase(at, ">;,:");
        if (at >= 0 && tokens.get(at).kind() == ':' && !inGroup) {
            sawOther = true;
            return at - 1;
        }
        return at;
    }

    /** Returns the index of the first separator from {@code from} on to the left. */
    private int skipPhrase(int from, String separators) {
        int at = from;
        while (at >= 0
                && (tokens.get(at).isText() || separators.indexOf(tokens.get(at).kind()) < 0)) {
            sawOther |= tokens.get(at).kind() != '<' && tokens.get(at).kind() != '>';
            at--;
        }
        return at;
    }

    /** {@code separated}: something is beside the address that is no part of it. */
    private void close(boolean separated) {
        if (!open.isEmpty()) {
            addressCount++;
            address = open;
            open = new ArrayDeque<>();
            sawOther |= separated;
        }
    }

    // The address. ---------------------------------------------------------------------------------------------------

    private static @Nullable MailAddress split(String withRoute, AddressAllowances allowances) {
        int colon = withRoute.startsWith("@") ? withRoute.indexOf(':') : -1;
        boolean inLiteral = withRoute.lastIndexOf('[', colon) > withRoute.lastIndexOf(']', colon);
        if (inLiteral || !isPrintable(withRoute)) {
            return null;
        }
        if (colon == withRoute.length() - 1 && colon > 0) {
            return MailAddress.of(NOBODY, "");
        }
        String unquoted = withRoute.substring(colon + 1);
        int at = unquoted.lastIndexOf('@');
        if (at < 0) {
            return MailAddress.of(unquoted, "");
        }
        String localPart = unquoted.substring(0, at);
        if (at == unquoted.length() - 1) {
            // Where it goes is perhaps in there.
            String rest = localPart.replaceFirst("@+$", "");
            boolean names = rest.indexOf('@') >= 0 || rest.indexOf('%') >= 0 || rest.indexOf('!') >= 0;
            if (names) {
                return MailAddress.of(rest, "");
            }
            String standIn = allowances.nullDomain();
            return standIn == null || rest.length() < localPart.length() ? null : MailAddress.of(localPart, standIn);
        }
        String domain = allowances.domain(unquoted.substring(at + 1));
        boolean isRooted = domain != null && unquoted.endsWith(".") && !domain.startsWith("[");
        return domain == null ? null : MailAddress.of(localPart, isRooted ? domain + '.' : domain);
    }

    /** Control characters are in no mailbox, not even in quotes (RFC 5321 §4.1.2): they would break the lines of a log. */
    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f && c <= 0x9f || c == '\u2028' || c == '\u2029') {
                return false;
            }
        }
        return true;
    }
}
