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

    // Owned by the owner: the path read last.
    private MailAddress address = MailAddress.NULL;
    private boolean internationalDomain;
    private boolean ascii = true;
    private int end;

    /** @param strict strict_rfc821_envelopes: brackets are needed, comments and phrases are refused */
    public AddressParser(boolean strict) {
        this.strict = strict;
    }

    /**
     * Reads the path that starts at {@code from} and goes on to white space or {@code to}; false when it is none.
     * Bytes beyond ASCII must be UTF-8; whether they are welcome is the caller's question.
     */
    public boolean parse(byte[] in, int from, int to) {
        ascii = true;
        internationalDomain = false;
        boolean bracketed = from < to && in[from] == '<';
        if (bracketed && from + 1 < to && in[from + 1] == '>' && isEnd(in, from + 2, to)) {
            end = from + 2;
            address = MailAddress.NULL;
            return true;
        }
        return (bracketed || !strict)
                && (parsePlain(in, bracketed ? from + 1 : from, to, bracketed) || parseUnusual(in, from, to));
    }

    private boolean parsePlain(byte[] in, int from, int to, boolean bracketed) {
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
        String external = new String(in, from, i - from, StandardCharsets.ISO_8859_1);
        String localPart = external.substring(0, domainStart - 1 - from);
        String domain = external.substring(domainStart - from);
        if (!DomainName.isHostName(domain) || !MailboxReader.fits(localPart.length(), domain.length())) {
            return false;
        }
        address = MailAddress.ofCanonical(localPart, domain, external);
        end = pathEnd;
        return true;
    }

    private boolean parseUnusual(byte[] in, int from, int to) {
        int pathEnd = pathEnd(in, from, to);
        if (pathEnd < 0) {
            return false;
        }
        boolean bracketed = in[from] == '<';
        if (bracketed && (pathEnd - from < 2 || in[pathEnd - 1] != '>')) {
            return false;
        }
        String text = bracketed ? utf8(in, from + 1, pathEnd - 1) : utf8(in, from, pathEnd);
        MailAddress read = text == null ? null : MailboxReader.read(text, strict);
        if (read == null) {
            return false;
        }
        address = read;
        end = pathEnd;
        ascii = read.isAscii();
        internationalDomain = !ascii && !MailboxReader.isAscii(read.domain());
        return true;
    }

    /** The white space behind the path, which may itself hold some in quotes and brackets; -1 when those stay open. */
    private static int pathEnd(byte[] in, int from, int to) {
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == '<' || b == '>')) {
                bracketed = b == '<';
            } else if (!quoted && !bracketed && isSpace(b)) {
                return i;
            }
        }
        return quoted || bracketed || to == from ? -1 : to;
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

    /** RFC 5322 §3.2.3, RFC 6531 §3.3. */
    static boolean isAtext(char c) {
        return c >= 0x80 || (CLASSES[c] & ATEXT) != 0;
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

    /** Reads an address out of a file or a command line, with or without brackets; null when it is none. */
    public static @Nullable MailAddress parse(String text) {
        String mailbox = text.strip();
        if (mailbox.startsWith("<") && mailbox.endsWith(">")) {
            mailbox = mailbox.substring(1, mailbox.length() - 1);
        }
        return MailboxReader.read(mailbox, false);
    }
}
