// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** The protocol versions that there is code for, the oldest first. Thread: any. */
public enum TlsVersion {
    TLS_1_0("TLSv1", 0x301),
    TLS_1_1("TLSv1.1", 0x302),
    TLS_1_2("TLSv1.2", 0x303),
    TLS_1_3("TLSv1.3", 0x304);

    private final String text;
    private final int number;

    TlsVersion(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /** As OpenSSL, Postfix and Java have it. */
    public String text() {
        return text;
    }

    /** As it goes over the wire (RFC 8446 §4.2.1). */
    int number() {
        return number;
    }
}
