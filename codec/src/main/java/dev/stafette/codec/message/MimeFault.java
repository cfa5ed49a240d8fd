// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

/**
 * What may be wrong with the structure of a message, in Postfix's words; the first of several is the one that is told.
 * Thread: any (a value).
 */
public enum MimeFault {
    NESTING("MIME nesting exceeds safety limit"),
    EIGHT_BIT_HEADER("improper use of 8-bit data in message header"),
    EIGHT_BIT_BODY("improper use of 8-bit data in message body"),
    ENCODING("invalid message/* or multipart/* encoding domain");

    private final String text;

    MimeFault(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
