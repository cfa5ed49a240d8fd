// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.util.HexFormat;

/**
 * RFC 6698 §2.1.
 * Thread: any (a value).
 *
 * @param data in hexadecimal digits: a digest, or all of a certificate or key
 */
public record TlsaRecord(int usage, int selector, int matchingType, String data) {
    static TlsaRecord of(int usage, int selector, int matchingType, byte[] data) {
        return new TlsaRecord(usage, selector, matchingType, HexFormat.of().formatHex(data));
    }
}
