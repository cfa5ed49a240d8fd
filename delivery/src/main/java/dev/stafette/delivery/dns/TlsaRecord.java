// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.util.HexFormat;
import java.util.Locale;

/**
 * RFC 6698 §2.1.
 * Thread: any (a value).
 *
 * @param data in hexadecimal digits: a digest, or all of a certificate or key
 */
public record TlsaRecord(int usage, int selector, int matchingType, String data) {
    /** As by Postfix. */
    private static final int SHOWN_DIGITS = 128;

    static TlsaRecord of(int usage, int selector, int matchingType, byte[] data) {
        return new TlsaRecord(usage, selector, matchingType, HexFormat.of().formatHex(data));
    }

    /** For logs, and without the middle of what is long. */
    public String shortText() {
        int end = data.length() - SHOWN_DIGITS / 2;
        String shown = data.length() <= SHOWN_DIGITS
                ? data
                : data.substring(0, SHOWN_DIGITS / 2) + "..." + data.substring(end);
        return usage + " " + selector + ' ' + matchingType + ' ' + shown.toUpperCase(Locale.ROOT);
    }
}
