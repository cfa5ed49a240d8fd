// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The fields of a header that a signature covers, in their canonical form (RFC 6376 §3.4.1, §3.4.2, §5.4.2).
 * Thread: its owner's; for one signature.
 */
final class CanonicalHeader {
    private static final int BYTES_AT_FIRST = 1024;
    private static final String SIGNATURE_TAG = "b";

    private final boolean relaxed;
    private final ByteBuf out = Unpooled.buffer(BYTES_AT_FIRST);

    CanonicalHeader(Canonicalization header) {
        this.relaxed = header == Canonicalization.RELAXED;
    }

    /**
     * Adds the fields of those names. A name that comes again means the next one up from the bottom; one that has none left
     * stands for nothing, and signs that there is no more. {@code fields}: those that have not been added.
     */
    void addAll(HeaderFields header, List<String> names, FieldsFromBelow fields) {
        for (String name : names) {
            int index = fields.next(name);
            if (index >= 0) {
                addField(header, index);
            }
        }
    }

    /** Adds the field that carries the signature, without one, and without a line end. */
    void addLast(String field) {
        addLast(Unpooled.wrappedBuffer(field.getBytes(StandardCharsets.UTF_8)));
    }

    private void addLast(ByteBuf bytes) {
        int end = bytes.writerIndex();
        add(bytes, 0, bytes.indexOf(0, end, (byte) ':'), end);
        if (relaxed) {
            out.writerIndex(out.writerIndex() - 2);
        }
    }

    /** Adds a field of ours, without its line end, which it gets. */
    void addText(String field) {
        ByteBuf bytes = Unpooled.wrappedBuffer((field + "\r\n").getBytes(StandardCharsets.UTF_8));
        add(bytes, 0, bytes.indexOf(0, bytes.writerIndex(), (byte) ':'), bytes.writerIndex());
    }

    /** Adds a field as it came. */
    void addField(HeaderFields header, int index) {
        add(header.bytes(index), header.start(index), header.colon(index), header.end(index));
    }

    /** Adds the field that carried the signature, without the text of that, and without a line end. */
    void addSigned(HeaderFields header, int index) {
        ByteBuf in = header.bytes(index);
        ByteBuf rest = Unpooled.buffer(header.end(index) - header.start(index));
        rest.writeBytes(in, header.start(index), header.valueStart(index) - header.start(index));
        int at = header.valueStart(index);
        int end = header.lineEnd(index);
        while (at < end) {
            int semicolon = in.indexOf(at, end, (byte) ';');
            int tagEnd = semicolon < 0 ? end : semicolon;
            int equals = in.indexOf(at, tagEnd, (byte) '=');
            boolean isSignature = equals >= 0
                    && in.toString(at, equals - at, StandardCharsets.ISO_8859_1)
                            .strip()
                            .equals(SIGNATURE_TAG);
            int kept = isSignature ? equals + 1 : tagEnd;
            rest.writeBytes(in, at, kept - at);
            if (semicolon >= 0) {
                rest.writeByte(';');
            }
            at = tagEnd + 1;
        }
        addLast(rest);
    }

    private void add(ByteBuf in, int start, int colon, int end) {
        if (!relaxed) {
            out.writeBytes(in, start, end - start);
            return;
        }
        for (int i = start; i < colon; i++) {
            byte b = in.getByte(i);
            if (!isSpace(b)) {
                out.writeByte(b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
            }
        }
        out.writeByte(':');
        addRelaxed(in, colon + 1, end);
        out.writeByte('\r').writeByte('\n');
    }

    /** A value unfolded, with one space for each stretch of white space, and none at its ends. */
    private void addRelaxed(ByteBuf in, int from, int to) {
        boolean space = false;
        boolean begun = false;
        for (int i = from; i < to; i++) {
            byte b = in.getByte(i);
            if (isSpace(b)) {
                space = begun;
            } else if (!isLineEnd(in, i, to)) {
                if (space) {
                    out.writeByte(' ');
                    space = false;
                }
                begun = true;
                out.writeByte(b);
            }
        }
    }

    private static boolean isLineEnd(ByteBuf in, int at, int to) {
        byte b = in.getByte(at);
        return b == '\r' && at + 1 < to && in.getByte(at + 1) == '\n' || b == '\n' && in.getByte(at - 1) == '\r';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    byte[] bytes() {
        byte[] bytes = new byte[out.readableBytes()];
        out.getBytes(out.readerIndex(), bytes);
        return bytes;
    }
}
