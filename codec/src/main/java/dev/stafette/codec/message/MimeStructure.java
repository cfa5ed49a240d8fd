// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * Where the headers and bodies of a message's parts begin and end (RFC 2046 §5), told field by field and line by line. Postfix's
 * reading: it is lenient, and finds the header of a part whatever is wrong around it.
 * Thread: its owner's. It keeps boundaries and nothing else, and both their number and their length have limits.
 *
 * <pre>
 *   HEADER, PART_HEADER, NESTED_HEADER → NESTED_HEADER    at its end: a message within
 *                                      → BODY             at its end: anything else, or a line that is no field
 *   BODY → PART_HEADER    behind a boundary of any multipart that is open
 *   BODY → BODY           behind its closing boundary: epilogue
 * </pre>
 */
public final class MimeStructure {
    /** Where a line belongs. */
    public enum Place {
        /** The message's own header. */
        HEADER,
        /** That of a part of a multipart. */
        PART_HEADER,
        /** That of a message in the message. */
        NESTED_HEADER,
        BODY
    }

    private static final String TYPE_FIELD = "content-type:";
    private static final String ENCODING_FIELD = "content-transfer-encoding:";

    private enum Type {
        TEXT,
        MESSAGE,
        /** message/rfc822, message/global. */
        WHOLE_MESSAGE,
        /** message/partial, message/external-body. */
        BROKEN_MESSAGE,
        MULTIPART,
        OTHER
    }

    private enum Encoding {
        SEVEN_BIT("7bit"),
        EIGHT_BIT("8bit"),
        BINARY("binary"),
        BASE64("base64"),
        QUOTED_PRINTABLE("quoted-printable");

        private final String text;

        Encoding(String text) {
            this.text = text;
        }

        /** It says what octets occur, and not how they are written. */
        boolean isPlain() {
            return this == SEVEN_BIT || this == EIGHT_BIT || this == BINARY;
        }
    }

    private record Level(byte[] boundary, Type partType) {
        boolean begins(byte[] line, int length) {
            if (length < 2 + boundary.length) {
                return false;
            }
            for (int i = 0; i < boundary.length; i++) {
                if (line[2 + i] != boundary[i]) {
                    return false;
                }
            }
            return true;
        }

        boolean ends(byte[] line, int length) {
            int at = 2 + boundary.length;
            return length >= at + 2 && line[at] == '-' && line[at + 1] == '-';
        }
    }

    private final int depthMax;
    private final int boundaryBytesMax;
    private final BiConsumer<MimeFault, String> faults;

    // Owned by the owner.
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private Place place = Place.HEADER;
    private Type type = Type.TEXT;
    private boolean isGlobal;
    private Encoding encoding = Encoding.SEVEN_BIT;

    /**
     * @param depthMax of multiparts in one another ({@code mime_nesting_limit})
     * @param boundaryBytesMax what is compared of one ({@code mime_boundary_length_limit})
     * @param faults hears what is wrong, with the text in which it is
     */
    public MimeStructure(int depthMax, int boundaryBytesMax, BiConsumer<MimeFault, String> faults) {
        this.depthMax = depthMax;
        this.boundaryBytesMax = boundaryBytesMax;
        this.faults = faults;
    }

    public Place place() {
        return place;
    }

    /** Nothing but a body will follow, whatever it holds. */
    public boolean isPlainBody() {
        return place == Place.BODY && levels.isEmpty();
    }

    /** The body that we are in says that it has no octets above 127, or says nothing. */
    public boolean isSevenBit() {
        return encoding == Encoding.SEVEN_BIT;
    }

    /** A whole field of the header that we are in; its folds are line feeds, and one char is one octet. */
    public void onField(String field) {
        if (field.regionMatches(true, 0, TYPE_FIELD, 0, TYPE_FIELD.length())) {
            onType(field);
        } else if (field.regionMatches(true, 0, ENCODING_FIELD, 0, ENCODING_FIELD.length())) {
            onEncoding(field.substring(ENCODING_FIELD.length()));
        }
    }

    private void onType(String field) {
        MimeTokens tokens = new MimeTokens(field, TYPE_FIELD.length());
        List<MimeTokens.Token> name = tokens.next();
        if (name == null || name.isEmpty()) {
            type = Type.OTHER;
            return;
        }
        String subtype =
                name.size() > 2 && name.get(1).special() == '/' && !name.get(2).quoted()
                        ? name.get(2).value().toLowerCase(Locale.ROOT)
                        : "";
        if (name.get(0).is("text")) {
            type = Type.TEXT;
        } else if (name.get(0).is("message")) {
            type = messageType(subtype);
            isGlobal = subtype.equals("global");
        } else if (name.get(0).is("multipart")) {
            type = Type.MULTIPART;
            // RFC 2046 §5.1.5: what a part of a digest is when it does not say.
            onParameters(field, tokens, subtype.equals("digest") ? Type.WHOLE_MESSAGE : Type.TEXT);
        }
        // Any other leaves the type at what it was, as in Postfix.
    }

    private static Type messageType(String subtype) {
        return switch (subtype) {
            case "rfc822", "global" -> Type.WHOLE_MESSAGE;
            case "partial", "external-body" -> Type.BROKEN_MESSAGE;
            default -> Type.MESSAGE;
        };
    }

    /** Of several boundaries each counts, though only one is allowed: some reader will take any of them. */
    private void onParameters(String field, MimeTokens tokens, Type partType) {
        List<MimeTokens.Token> parameter = tokens.next();
        while (parameter != null) {
            if (parameter.size() > 2
                    && parameter.get(0).is("boundary")
                    && parameter.get(1).special() == '=') {
                open(field, parameter.get(2), partType);
            }
            parameter = tokens.next();
        }
    }

    private void open(String field, MimeTokens.Token given, Type partType) {
        if (levels.size() - 1 > depthMax) {
            faults.accept(MimeFault.NESTING, field);
            return;
        }
        String text = given.special() == 0 ? given.value() : String.valueOf(given.special());
        byte[] boundary =
                text.substring(0, Math.min(text.length(), boundaryBytesMax)).getBytes(StandardCharsets.ISO_8859_1);
        levels.push(new Level(boundary, partType));
    }

    private void onEncoding(String value) {
        List<MimeTokens.Token> tokens = new MimeTokens(value, 0).next();
        if (tokens == null || tokens.isEmpty()) {
            return;
        }
        for (Encoding known : Encoding.values()) {
            if (tokens.get(0).is(known.text)) {
                encoding = known;
            }
        }
    }

    /** The header ends. {@code isBlank}: by a blank line, and not by one that is no field. */
    public Place endHeader(boolean isBlank) {
        if (!encoding.isPlain() && (type == Type.MULTIPART || type == Type.WHOLE_MESSAGE && !isGlobal)
                || type == Type.BROKEN_MESSAGE && (encoding == Encoding.EIGHT_BIT || encoding == Encoding.BINARY)) {
            faults.accept(MimeFault.ENCODING, encoding.text);
        }
        if (isBlank && type == Type.WHOLE_MESSAGE) {
            begin(Place.NESTED_HEADER, Type.TEXT);
        } else if (isBlank && type == Type.MULTIPART) {
            begin(Place.BODY, Type.OTHER);
        } else {
            place = Place.BODY;
        }
        return place;
    }

    private void begin(Place next, Type nextType) {
        place = next;
        type = nextType;
        isGlobal = false;
        encoding = Encoding.SEVEN_BIT;
    }

    /** A line of a body, from its start and without its end. True: it is the boundary of a part, and a header or an epilogue follows. */
    public boolean onBodyLine(byte[] line, int length) {
        if (length < 3 || line[0] != '-' || line[1] != '-') {
            return false;
        }
        for (Iterator<Level> all = levels.iterator(); all.hasNext(); ) {
            Level level = all.next();
            if (level.begins(line, length)) {
                while (levels.getFirst() != level) {
                    levels.pop();
                }
                if (level.ends(line, length)) {
                    levels.pop();
                    begin(Place.BODY, Type.OTHER);
                } else {
                    begin(Place.PART_HEADER, level.partType());
                }
                return true;
            }
        }
        return false;
    }
}
