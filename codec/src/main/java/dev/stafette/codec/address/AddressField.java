// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The addresses in the value of a header field, and what stands beside them, so that the field can be printed again as Postfix
 * prints one that it has changed: one form of quotes, comments behind their address, a comma where one was missing, and lines
 * that end at commas (RFC 5322 §3.4).
 * Thread: its owner's.
 *
 * <p>Words are gathered from right to left, as by {@link MailboxReader}. Nothing is an error.
 */
public final class AddressField {
    /** A line goes on behind a comma as long as the next address ends here. */
    private static final int LINE_CHARS = 70;

    private static final String COMMA = ",";

    private final List<Node> nodes;

    /**
     * A token that is no part of an address, or an address.
     *
     * @param words of the address; null: it is a token
     */
    private record Node(
            MailboxToken token,
            @Nullable List<MailboxToken> words,
            @Nullable MailAddress address) {
        static Node of(MailboxToken token) {
            return new Node(token, null, null);
        }

        boolean isText() {
            return words != null || token.isText();
        }

        boolean is(char kind) {
            return words == null && token.kind() == kind;
        }
    }

    private AddressField(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** {@code tokensMax}: what stands behind so many words and separators is not looked at, nor printed. */
    public static AddressField parse(String value, int tokensMax) {
        return new AddressField(new Gathering(MailboxToken.scan(value, tokensMax)).gather());
    }

    /**
     * Puts other addresses in place of those that are there. True: one is another now, or was written in another way.
     *
     * @param exchange of one without its source route
     */
    public boolean exchange(UnaryOperator<MailAddress> exchange) {
        boolean isChanged = false;
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            List<MailboxToken> words = node.words();
            MailAddress given = words == null ? null : split(words);
            if (words == null || given == null) {
                continue;
            }
            MailAddress address = given.isNull() ? given : exchange.apply(given);
            nodes.set(i, new Node(node.token(), words, address));
            isChanged |= !text(address).equals(printed(words));
        }
        return isChanged;
    }

    /** Without its source route; null for one that lacks its domain, and stays. */
    private static @Nullable MailAddress split(List<MailboxToken> words) {
        int from = 0;
        while (words.get(0).kind() == '@'
                && from < words.size()
                && words.get(from).kind() != ':') {
            from++;
        }
        from = from == words.size() || words.get(from).kind() != ':' ? 0 : from + 1;
        int at = words.size() - 1;
        if (at > from && words.get(at).kind() == '@' || from > at) {
            return null;
        }
        while (at >= from && words.get(at).kind() != '@') {
            at--;
        }
        return MailAddress.of(
                text(words.subList(from, Math.max(from, at < from ? words.size() : at))),
                text(words.subList(at < from ? words.size() : at + 1, words.size())));
    }

    private static String text(List<MailboxToken> words) {
        StringBuilder all = new StringBuilder();
        for (MailboxToken word : words) {
            all.append(word.kind() == '<' && all.length() > 0 ? " " : "").append(word.text());
        }
        return all.toString();
    }

    private static String text(MailAddress address) {
        return address.isNull() ? "\"\"" : address.external();
    }

    private static String printed(List<MailboxToken> words) {
        StringBuilder all = new StringBuilder();
        words.forEach(word -> all.append(word.printed()));
        return all.toString();
    }

    /**
     * The field's value, with the space in front of it.
     *
     * @param nameChars of the field's name and its colon
     */
    public String print(int nameChars) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            MailAddress address = node.address();
            if (node.is(',')) {
                out.append(",\n");
                continue;
            }
            if (address != null) {
                out.append(text(address));
            } else {
                out.append(node.words() == null ? node.token().printed() : printed(node.words()));
            }
            if (i + 1 < nodes.size() && isApart(node, nodes.get(i + 1))) {
                out.append(' ');
            }
        }
        return folded(out, nameChars);
    }

    private static boolean isApart(Node node, Node next) {
        return node.is(MailboxToken.GROUP) || next.is('<') || node.isText() && next.isText();
    }

    /** One address a line, as many of which are put together as there is room for. */
    private static String folded(StringBuilder text, int nameChars) {
        StringBuilder out = new StringBuilder(text.length() + 8).append(' ');
        int lineChars = nameChars + 1;
        String[] lines = text.toString().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0 && lineChars + 1 + lines[i].length() < LINE_CHARS) {
                out.append(' ');
                lineChars++;
            } else if (i > 0) {
                out.append("\r\n\t");
                lineChars = 0;
            }
            out.append(lines[i]);
            lineChars += lines[i].length();
        }
        return out.toString();
    }

    /** One walk over the tokens, from the last to the first. */
    private static final class Gathering {
        private final List<MailboxToken> tokens;
        /** Backwards. */
        private final List<Node> found = new ArrayList<>();

        private Deque<MailboxToken> open = new ArrayDeque<>();
        /** A word may come now; else it begins an address of its own. */
        private boolean wordFits = true;

        private boolean inGroup;

        Gathering(List<MailboxToken> tokens) {
            this.tokens = tokens;
        }

        List<Node> gather() {
            int at = tokens.size() - 1;
            while (at >= 0) {
                at = take(at);
            }
            close(false);
            Collections.reverse(found);
            return found;
        }

        /** Takes the token and perhaps some to its left; returns the index of the next one. */
        private int take(int at) {
            MailboxToken token = tokens.get(at);
            switch (token.kind()) {
                case MailboxToken.COMMENT:
                    found.add(Node.of(token));
                    return at - 1;
                case ';':
                    close(true);
                    found.add(Node.of(token));
                    inGroup = true;
                    wordFits = true;
                    return at - 1;
                case ',':
                    close(false);
                    found.add(Node.of(token));
                    wordFits = true;
                    return at - 1;
                case '>':
                    return takeBracketed(at);
                case ':':
                    if (inGroup) {
                        close(false);
                        found.add(Node.of(new MailboxToken(MailboxToken.GROUP, ":")));
                        return skip(at - 1, COMMA);
                    }
                    break;
                case MailboxToken.ATOM, MailboxToken.QUOTED, MailboxToken.LITERAL:
                    if (!wordFits) {
                        close(true);
                    }
                    open.addFirst(token);
                    wordFits = false;
                    return at - 1;
                default:
                    break;
            }
            open.addFirst(token);
            wordFits = true;
            return at - 1;
        }

        private int takeBracketed(int close) {
            close(true);
            found.add(Node.of(tokens.get(close)));
            int at = close - 1;
            while (at >= 0 && tokens.get(at).kind() != '<') {
                MailboxToken token = tokens.get(at);
                if (token.kind() == MailboxToken.COMMENT) {
                    found.add(Node.of(token));
                } else {
                    open.addFirst(token);
                }
                at--;
            }
            close(false);
            wordFits = true;
            if (at >= 0) {
                found.add(Node.of(tokens.get(at)));
            }
            int left = skip(at - 1, ">;,:");
            if (left >= 0 && tokens.get(left).kind() == ':' && !inGroup) {
                found.add(Node.of(tokens.get(left)));
                return left - 1;
            }
            return left;
        }

        /** What stands in front, up to a separator, is a name. Returns the index of the separator. */
        private int skip(int from, String separators) {
            int at = from;
            while (at >= 0
                    && (tokens.get(at).isText()
                            || separators.indexOf(tokens.get(at).kind()) < 0)) {
                found.add(Node.of(tokens.get(at)));
                at--;
            }
            return at;
        }

        /** {@code addsComma}: what comes next on the left is beside it. */
        private void close(boolean addsComma) {
            if (!open.isEmpty()) {
                List<MailboxToken> words = List.copyOf(open);
                found.add(new Node(words.get(0), words, null));
                open = new ArrayDeque<>();
                if (addsComma) {
                    found.add(Node.of(new MailboxToken(',', COMMA)));
                }
            }
        }
    }
}
