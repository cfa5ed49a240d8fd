// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message or of one of its parts, as far as it says how the body is encoded (RFC 2045 §5, §6).
 * Thread: any (immutable after construction).
 *
 * <p>Lenient: what cannot be read counts as absent. Octets are kept as they are, as characters of ISO 8859-1.
 */
final class MimePartHeader {
    private static final String TYPE_FIELD = "content-type:";
    private static final String ENCODING_FIELD = "content-transfer-encoding:";
    private static final String VERSION_FIELD = "mime-version:";

    private final List<String> fields = new ArrayList<>();
    private final String type;
    private final @Nullable String boundary;
    private final String encoding;
    private final boolean hasVersion;

    /** @param text the lines with their CRLF, not stuffed, without the empty one */
    MimePartHeader(byte[] text, int length, boolean inDigest) {
        split(new String(text, 0, length, StandardCharsets.ISO_8859_1));
        String typeValue = value(TYPE_FIELD);
        int end = typeValue.indexOf(';');
        String given =
                (end < 0 ? typeValue : typeValue.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        // RFC 2046 §5.1.5: what a part of a digest is when it does not say.
        this.type = given.isEmpty() && inDigest ? "message/rfc822" : given;
        this.boundary = end < 0 ? null : parameter(typeValue.substring(end), "boundary");
        this.encoding = value(ENCODING_FIELD).strip().toLowerCase(Locale.ROOT);
        this.hasVersion = !value(VERSION_FIELD).isEmpty();
    }

    private void split(String text) {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start) + 1;
            while (end > 0 && end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
                end = text.indexOf('\n', end) + 1;
            }
            end = end == 0 ? text.length() : end;
            fields.add(text.substring(start, end));
            start = end;
        }
    }

    private String value(String name) {
        for (String field : fields) {
            if (field.regionMatches(true, 0, name, 0, name.length())) {
                return field.substring(name.length()).replace("\r\n", "");
            }
        }
        return "";
    }

    /** RFC 2045 §5.1: {@code ; name=token} or {@code ; name="quoted"}; a semicolon in quotes divides nothing. */
    private static @Nullable String parameter(String list, String name) {
        int at = 0;
        while (at >= 0 && at < list.length()) {
            int nameStart = at + 1;
            int equals = list.indexOf('=', nameStart);
            if (equals < 0) {
                return null;
            }
            int valueStart = equals + 1;
            while (valueStart < list.length() && list.charAt(valueStart) <= ' ') {
                valueStart++;
            }
            boolean quoted = valueStart < list.length() && list.charAt(valueStart) == '"';
            int valueEnd = quoted ? closingQuote(list, valueStart + 1) : list.indexOf(';', valueStart);
            valueEnd = valueEnd < 0 ? list.length() : valueEnd;
            if (list.substring(nameStart, equals).strip().equalsIgnoreCase(name)) {
                return quoted
                        ? list.substring(valueStart + 1, valueEnd).replaceAll("\\\\(.)", "$1")
                        : list.substring(valueStart, valueEnd).strip();
            }
            at = list.indexOf(';', valueEnd);
        }
        return null;
    }

    private static int closingQuote(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i;
            }
        }
        return -1;
    }

    boolean isMultipart() {
        return type.startsWith("multipart/") && boundary != null && !boundary.isEmpty();
    }

    boolean isDigest() {
        return type.equals("multipart/digest");
    }

    /** RFC 2046 §5.2.1, RFC 6532 §3.7. */
    boolean isMessage() {
        return type.equals("message/rfc822") || type.equals("message/global");
    }

    /** RFC 2045 §6.4: other kinds of multipart and message must not be encoded. */
    boolean isOpaque() {
        return type.startsWith("multipart/") || type.startsWith("message/");
    }

    byte[] boundary() {
        return boundary == null ? new byte[0] : boundary.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Already safe for seven bits. */
    boolean isEncoded() {
        return encoding.equals("quoted-printable") || encoding.equals("base64");
    }

    /** The header with another encoding, and with what RFC 2045 §4 asks of a message that has one. */
    String withEncoding(String newEncoding, boolean ofMessage) {
        StringBuilder out = new StringBuilder();
        for (String field : fields) {
            if (!field.regionMatches(true, 0, ENCODING_FIELD, 0, ENCODING_FIELD.length())) {
                out.append(field);
            }
        }
        if (ofMessage && !hasVersion) {
            out.append("MIME-Version: 1.0\r\n");
        }
        if (ofMessage && type.isEmpty()) {
            // RFC 1428 §3: the character set of what came without a word about it.
            out.append("Content-Type: text/plain; charset=unknown-8bit\r\n");
        }
        return out.append("Content-Transfer-Encoding: ")
                .append(newEncoding)
                .append("\r\n")
                .toString();
    }
}
