// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import dev.stafette.codec.message.MimeStructure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes a message apart, as far as the one that it returns: what stands in that one is no word of the report's.
 * Thread: its owner's.
 */
final class ReportParts {
    static final int PARTS_MAX = 50;
    static final int DEPTH_MAX = 10;
    static final int LINE_MAX = 4000;
    private static final int FIELD_MAX = 8000;
    private static final int BOUNDARY_MAX = 200;

    /** A part that holds other than a message. {@code type}: in lower case; empty: it does not say. */
    record Part(String type, String text) {}

    private final MimeStructure structure = new MimeStructure(DEPTH_MAX, BOUNDARY_MAX, (fault, text) -> {});
    private final List<Part> parts = new ArrayList<>();
    private final FieldValues returned = new FieldValues();
    private final String wholeType;

    // Of the part that is being read.
    private FieldValues header = new FieldValues();
    private final StringBuilder field = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private boolean inReturned;

    /** {@code content}: what follows the header. */
    ReportParts(List<String> headerFields, byte[] content, int length) {
        for (String one : headerFields) {
            add(one);
        }
        wholeType = type();
        structure.endHeader(true);
        int at = 0;
        while (at < length && parts.size() < PARTS_MAX) {
            int end = at;
            while (end < length && content[end] != '\n') {
                end++;
            }
            int lineEnd = end > at && content[end - 1] == '\r' ? end - 1 : end;
            onLine(content, at, Math.min(lineEnd - at, LINE_MAX));
            at = end + 1;
        }
        if (structure.place() != MimeStructure.Place.BODY) {
            endHeader(true);
        }
        endPart();
    }

    private void onLine(byte[] content, int from, int length) {
        String line = new String(content, from, length, StandardCharsets.ISO_8859_1);
        if (structure.place() == MimeStructure.Place.BODY) {
            if (structure.onBodyLine(line.getBytes(StandardCharsets.ISO_8859_1), length)) {
                endPart();
            } else {
                text.append(line).append('\n');
            }
        } else if (line.isEmpty()) {
            endHeader(true);
        } else if (field.length() > 0 && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
            if (field.length() + length < FIELD_MAX) {
                field.append('\n').append(line);
            }
        } else if (line.indexOf(':') > 0) {
            endField();
            field.append(line);
        } else {
            endHeader(false);
            onLine(content, from, length);
        }
    }

    private void endField() {
        if (field.length() > 0) {
            add(field.toString());
            field.setLength(0);
        }
    }

    private void add(String one) {
        structure.onField(one);
        if (structure.place() == MimeStructure.Place.NESTED_HEADER) {
            inReturned = true;
            returned.add(one);
        } else {
            header.add(one);
        }
    }

    private void endHeader(boolean isBlank) {
        endField();
        MimeStructure.Place before = structure.place();
        MimeStructure.Place after = structure.endHeader(isBlank);
        if (before == MimeStructure.Place.PART_HEADER && after == MimeStructure.Place.NESTED_HEADER) {
            header = new FieldValues();
        }
    }

    private String type() {
        String value = header.first("Content-Type");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private void endPart() {
        String type = type();
        if (!inReturned && (text.length() > 0 || type.startsWith("message/"))) {
            String decoded = Octets.decoded(text.toString(), header.first("Content-Transfer-Encoding"));
            if (type.equals("text/rfc822-headers")
                    || type.equals("message/rfc822-headers")
                    || type.equals("message/global-headers")) {
                inReturned = true;
                fields(decoded, returned);
            } else {
                parts.add(new Part(type, decoded));
            }
        }
        text.setLength(0);
        header = new FieldValues();
    }

    /** Reads fields up to the first empty line. Returns where it ends. */
    static int fields(String text, FieldValues into) {
        StringBuilder one = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            String line = text.substring(at, end);
            at = end + 1;
            if (line.isBlank()) {
                break;
            }
            boolean isFold = one.length() > 0 && Character.isWhitespace(line.charAt(0));
            if (isFold && one.length() < FIELD_MAX) {
                one.append('\n').append(line);
            } else if (!isFold) {
                into.add(one.toString());
                one.setLength(0);
                one.append(line);
            }
        }
        into.add(one.toString());
        return Math.min(at, text.length());
    }

    /** Content-Type of the message. */
    String wholeType() {
        return wholeType;
    }

    List<Part> parts() {
        return parts;
    }

    FieldValues returned() {
        return returned;
    }
}
