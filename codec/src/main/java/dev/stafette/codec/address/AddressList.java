// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the addresses in the value of a header field, or in a word of a command line (RFC 5322 §3.4): groups, comments,
 * phrases, quoted strings, literals, routes and folds, and whatever else people write there.
 * Thread: its owner's; for one text.
 *
 * <p>As lenient as Postfix: nothing is an error, words without a separator are addresses of their own, and what is not
 * closed ends with the text.
 */
public final class AddressList {
    private static final int NONE = -1;

    private final String text;
    private final int tokensMax;
    private final int itemsMax;
    private final List<Item> found = new ArrayList<>();
    private final StringBuilder address = new StringBuilder();

    // State of the read.
    private int at;
    private int tokens;
    private int start = NONE;
    /** Where the source route in front of the address begins. */
    private int route = NONE;

    private int end;
    /** A word ended last, so that another one begins a new address. */
    private boolean afterWord;
    /** Words that stand before {@code <} are a phrase: how many of the addresses found they have become. */
    private int wordsOfPhrase;

    private boolean bracketed;

    /**
     * An address as it stands in the text.
     *
     * @param address without quotes, comments and white space
     * @param start where its first character is
     * @param end behind its last one
     * @param routeStart where a source route in front of it begins; {@code start} without one
     */
    public record Item(String address, int start, int end, int routeStart) {}

    private AddressList(String text, int tokensMax, int itemsMax) {
        this.text = text;
        this.tokensMax = tokensMax;
        this.itemsMax = itemsMax;
    }

    /** {@code tokensMax}: what stands behind so many words and separators is not looked at. */
    public static List<Item> parse(String text, int tokensMax) {
        return parse(text, tokensMax, Integer.MAX_VALUE);
    }

    /** As above; {@code itemsMax}: what stands behind so many addresses is not looked at, either. */
    public static List<Item> parse(String text, int tokensMax, int itemsMax) {
        return new AddressList(text, tokensMax, itemsMax).read();
    }

    /** An unquoted address: the last {@code @} parts the domain from the rest. */
    public static MailAddress split(String unquoted) {
        int at = unquoted.lastIndexOf('@');
        return at < 0
                ? MailAddress.of(unquoted, "")
                : MailAddress.of(unquoted.substring(0, at), unquoted.substring(at + 1));
    }

    private List<Item> read() {
        while (at < text.length() && tokens++ < tokensMax && found.size() < itemsMax) {
            readToken(text.charAt(at));
        }
        endItem();
        return found;
    }

    private void readToken(char c) {
        switch (c) {
            case ' ', '\t', '\r', '\n' -> at++;
            case '(' -> skipComment();
            case '"' -> readQuoted();
            case '[' -> readLiteral();
            case '<' -> openBracket();
            case '>' -> closeBracket();
            case ',', ';' -> {
                if (c == ',' && bracketed && isRoute()) {
                    readSeparator(c);
                } else {
                    at++;
                    endItem();
                }
            }
            case ':' -> endGroupNameOrRoute();
            case '.', '@', '%', '!' -> readSeparator(c);
            default -> readAtom();
        }
    }

    private boolean isRoute() {
        return address.length() > 0 && address.charAt(0) == '@';
    }

    private void endGroupNameOrRoute() {
        int from = isRoute() ? start : NONE;
        at++;
        forgetPhrase();
        route = from;
    }

    private void begin() {
        if (start == NONE) {
            start = at;
        }
    }

    private void beginWord() {
        if (afterWord && !bracketed && addItem()) {
            wordsOfPhrase++;
        }
        begin();
    }

    private void readSeparator(char c) {
        begin();
        address.append(c);
        end = ++at;
        afterWord = false;
    }

    private void readAtom() {
        beginWord();
        while (at < text.length() && " \t\r\n(<>[:;@,.\"%!".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            // As in quotes: an address is on one line, whatever stands in front of the end of one.
            if (c != '\r' && c != '\n') {
                address.append(c);
            }
        }
        end = at;
        afterWord = true;
    }

    private void readQuoted() {
        beginWord();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            if (c != '\r' && c != '\n') {
                address.append(c);
            }
        }
        end = at;
        afterWord = true;
    }

    private void readLiteral() {
        beginWord();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c > ' ') {
                address.append(c);
            }
            if (c == ']') {
                break;
            }
        }
        end = at;
        afterWord = true;
    }

    private void skipComment() {
        int close = CommentSyntax.endOf(text, at);
        at = close < 0 ? text.length() : close;
    }

    /** An address that lacks its {@code >} is no such thing. */
    private void openBracket() {
        if (bracketed || text.indexOf('>', at) < 0) {
            begin();
            address.append('<');
            end = ++at;
            afterWord = false;
            return;
        }
        forgetPhrase();
        bracketed = true;
        at++;
    }

    private void closeBracket() {
        at++;
        if (bracketed) {
            addItem();
            bracketed = false;
            wordsOfPhrase = 0;
        }
    }

    private void endItem() {
        addItem();
        wordsOfPhrase = 0;
        bracketed = false;
    }

    /** False when there is none. */
    private boolean addItem() {
        boolean any = address.length() > 0;
        if (any) {
            found.add(new Item(address.toString(), start, end, route == NONE ? start : route));
        }
        forgetItem();
        return any;
    }

    /** What stood before was a name. */
    private void forgetPhrase() {
        for (; wordsOfPhrase > 0; wordsOfPhrase--) {
            found.remove(found.size() - 1);
        }
        forgetItem();
    }

    private void forgetItem() {
        address.setLength(0);
        start = NONE;
        route = NONE;
        afterWord = false;
    }
}
