// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The encoding of ENVID and ORCPT values: printable ASCII, the rest as {@code +hh} (RFC 3461 §4). */
public final class XText {
    private static final String HEX = "0123456789ABCDEF";

    private XText() {}

    public static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '+' && b != '=') {
                out.append((char) b);
            } else {
                out.append('+').append(HEX.charAt(b >> 4 & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return out.toString();
    }

    /** What is no xtext stays as it is: it was checked when it came in. */
    public static String decode(String xtext) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(xtext.length());
        byte[] bytes = xtext.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '+' && i + 2 < bytes.length ? HEX.indexOf(bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : HEX.indexOf(bytes[i + 2]);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
