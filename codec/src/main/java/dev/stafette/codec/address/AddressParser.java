// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the paths of MAIL and RCPT (RFC 5321 §4.1.2) and keeps them in canonical form: unquoted, without source route.
 * Thread: its owner's. It is a flyweight: what it read holds until the next {@link #parse}.
 *
 * <p>A dot-string at a host name takes the short way, over bytes; all else goes through {@link MailboxReader}.
 */
public final class AddressParser {
    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private static final byte ATEXT = 1;
    private static final byte HOST = 2;
    private static final byte[] CLASSES = new byte[128];

    static {
        for (char c = 0; c < CLASSES.length; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (alphanumeric || ATEXT_SPECIALS.indexOf(c) >= 0) {
                CLASSES[c] |= ATEXT;
            }
            if (alphanumeric || c == '-' || c == '_' || c == '.') {
                CLASSES[c] |= HOST;
            }
        }
    }

    private final boolean strict;
    private final AddressAllowances allowances;

    // Owned by the owner: the path read last, and the two before that of the short way: senders come again message for
    // message, and so do domains.
    private MailAddress address = MailAddress.NULL;
    private MailAddress recent = MailAddress.NULL;
    private MailAddress beforeRecent = MailAddress.NULL;
    private boolean internationalDomain;
    private boolean ascii = true;
    private int end;

    /** @param strict strict_rfc821_envelopes: brackets are needed, comments and phrases are refused */
    public AddressParser(boolean strict, AddressAllowances allowances) {
        this.strict = strict;
        this.allowances = allowances;
    }

    /**
     * Reads the path that starts at {@code from} and goes on to white space or {@code to}, if it is the null path or a
     * dot-string at a host name; false when it is something else.
     */
    public boolean parsePlain(byte[] in, int from, int to) {
        ascii = true;
        internationalDomain = false;
        boolean bracketed = from < to && in[from] == '<';
        if (bracketed && from + 1 < to && in[from + 1] == '>' && isEnd(in, from + 2, to)) {
            end = from + 2;
            address = MailAddress.NULL;
            return true;
        }
        return (bracketed || !strict) && parseDotString(in, bracketed ? from + 1 : from, to, bracketed);
    }

    /**
     * Reads the path of all the bytes from {@code from} to {@code to}; false when they are none. Bytes beyond ASCII must be
     * UTF-8; whether they are welcome is the caller's question.
     */
    public boolean parse(byte[] in, int from, int to) {
        if (parsePlain(in, from, to) && end == to) {
            return true;
        }
        String text = utf8(in, from, to);
        MailAddress read = text == null ? null : MailboxReader.read(text, strict, allowances);
        if (read == null) {
            return false;
        }
        address = read;
        end = to;
        ascii = read.isAscii();
        internationalDomain = !ascii && !isAscii(read.domain());
        return true;
    }

    private boolean parseDotString(byte[] in, int from, int to, boolean bracketed) {
        int i = from;
        boolean dotBefore = true;
        for (; i < to && in[i] != '@'; i++) {
            byte b = in[i];
            boolean dot = b == '.';
            if (dot ? dotBefore : b < 0 || (CLASSES[b] & ATEXT) == 0) {
                return false;
            }
            dotBefore = dot;
        }
        if (dotBefore || i == to) {
            return false;
        }
        int domainStart = i + 1;
        i = domainStart;
        while (i < to && in[i] >= 0 && (CLASSES[in[i]] & HOST) != 0) {
            i++;
        }
        int pathEnd = bracketed ? i + 1 : i;
        if ((bracketed && (i == to || in[i] != '>')) || !isEnd(in, pathEnd, to)) {
            return false;
        }
        if (!isSame(recent.external(), in, from, i)) {
            MailAddress other = beforeRecent;
            if (!isSame(other.external(), in, from, i)) {
                String domain = domain(in, domainStart, i);
                if (domain == null) {
                    return false;
                }
                String external = new String(in, from, i - from, StandardCharsets.ISO_8859_1);
                other = MailAddress.ofCanonical(external.substring(0, domainStart - 1 - from), domain, external);
            }
            beforeRecent = recent;
            recent = other;
        }
        address = recent;
        end = pathEnd;
        return true;
    }

    /** Null when it is no host name. */
    private @Nullable String domain(byte[] in, int from, int to) {
        if (isSame(recent.domain(), in, from, to)) {
            return recent.domain();
        }
        if (isSame(beforeRecent.domain(), in, from, to)) {
            return beforeRecent.domain();
        }
        String domain = new String(in, from, to - from, StandardCharsets.ISO_8859_1);
        return DomainName.isHostName(domain) ? domain : null;
    }

    /** Not the empty one. */
    private static boolean isSame(String text, byte[] in, int from, int to) {
        if (text.isEmpty() || text.length() != to - from) {
            return false;
        }
        // From the end: names of numbered mailboxes and hosts differ there, or all along.
        for (int i = text.length() - 1; i >= 0; i--) {
            if (text.charAt(i) != in[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String utf8(byte[] in, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isEnd(byte[] in, int at, int to) {
        return at >= to || isSpace(in[at]);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    public MailAddress address() {
        return address;
    }

    public boolean isAscii() {
        return ascii;
    }

    public boolean hasInternationalDomain() {
        return internationalDomain;
    }

    /** The index behind the path. */
    public int end() {
        return end;
    }

    /** Whether the separator stands in the text, and not in quotes, brackets or a comment. */
    public static boolean hasSeparator(String text, char separator) {
        return MailboxToken.scan(text).stream().anyMatch(token -> token.kind() == separator);
    }

    /** A host name without the dot that may end it, or an address literal; null for what is neither. */
    public static @Nullable String domain(String text) {
        return DomainName.canonical(text);
    }

    /** Reads an address out of a file or a command line, with or without brackets; null when it is none. */
    public static @Nullable MailAddress parse(String text) {
        return MailboxReader.read(text.strip(), false, AddressAllowances.NONE);
    }
}
