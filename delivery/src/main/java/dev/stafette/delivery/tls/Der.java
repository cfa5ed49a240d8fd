// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The little of DER (X.690) that is needed to put a key into another envelope. Thread: any (pure). */
final class Der {
    private static final int INTEGER = 2;
    private static final int OCTET_STRING = 4;
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0xa0;

    /** The number 0. */
    static final byte[] ZERO = {INTEGER, 1, 0};

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return element(SEQUENCE, all.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return element(OCTET_STRING, content);
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** What the sequence has below that tag of its own; null: nothing. */
    static byte @Nullable [] tagged(byte[] sequence, int tag) {
        int at = content(sequence, 0);
        while (at < sequence.length) {
            int start = content(sequence, at);
            int end = start + length(sequence, at);
            if (end > sequence.length) {
                throw new IllegalArgumentException("it is cut off");
            }
            if ((sequence[at] & 0xff) == (CONTEXT | tag)) {
                return Arrays.copyOfRange(sequence, start, end);
            }
            at = end;
        }
        return null;
    }

    private static int content(byte[] der, int at) {
        int first = byteAt(der, at + 1);
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = byteAt(der, at + 1);
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | byteAt(der, at + 2 + i);
        }
        return length & Integer.MAX_VALUE >> 1;
    }

    private static int byteAt(byte[] der, int at) {
        if (at >= der.length) {
            throw new IllegalArgumentException("it is cut off");
        }
        return der[at] & 0xff;
    }
}
