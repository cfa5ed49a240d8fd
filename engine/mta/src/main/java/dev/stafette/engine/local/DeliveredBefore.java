// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.MessageBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * For whom a message has been delivered before, as the Delivered-To fields of its header say: it comes back to nobody.
 * Thread: the delivery worker's.
 */
final class DeliveredBefore {
    private static final String FIELD = "delivered-to:";

    /** Of a header; what stands behind is not looked at. */
    private static final int HEADER_BYTES_MAX = 1 << 20;

    private static final int READ_BYTES = 8 << 10;

    private static final int ADDRESSES_MAX = 1000;

    private final Set<String> addresses;

    private DeliveredBefore(Set<String> addresses) {
        this.addresses = addresses;
    }

    static DeliveredBefore read(MessageBody body) throws IOException {
        StringBuilder header = new StringBuilder();
        int wanted = Math.min(body.partLengthBytes(0), HEADER_BYTES_MAX);
        ByteBuffer piece = ByteBuffer.allocate(READ_BYTES);
        int end = -1;
        while (end < 0 && header.length() < wanted) {
            piece.clear();
            int count = body.partChannel(0).read(piece, body.partPosition(0) + header.length());
            if (count <= 0) {
                break;
            }
            int before = Math.max(0, header.length() - 3);
            header.append(new String(piece.array(), 0, count, StandardCharsets.ISO_8859_1));
            end = header.indexOf("\r\n\r\n", before);
        }
        return of(end < 0 ? header.toString() : header.substring(0, end));
    }

    private static DeliveredBefore of(String header) {
        Set<String> found = new HashSet<>();
        for (String line : header.split("\r\n")) {
            if (line.regionMatches(true, 0, FIELD, 0, FIELD.length()) && found.size() < ADDRESSES_MAX) {
                byte[] bytes = line.substring(FIELD.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
                found.add(new String(bytes, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
            }
        }
        return new DeliveredBefore(found);
    }

    boolean contains(String address) {
        return addresses.contains(address.toLowerCase(Locale.ROOT));
    }
}
