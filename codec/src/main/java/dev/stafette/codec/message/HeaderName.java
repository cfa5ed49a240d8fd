// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header names that are told apart, found by length.
 * Thread: any.
 */
final class HeaderName {
    static final int BYTES_MAX = 32;

    private static final byte[][][] NAMES = new byte[BYTES_MAX + 1][0][];
    private static final int[][] BITS = new int[BYTES_MAX + 1][0];

    static {
        add("date", HeaderScanner.DATE);
        add("from", HeaderScanner.FROM);
        add("message-id", HeaderScanner.MESSAGE_ID);
        add("to", HeaderScanner.TO);
        add("cc", HeaderScanner.CC);
        add("bcc", HeaderScanner.BCC);
        add("sender", HeaderScanner.SENDER);
        add("subject", HeaderScanner.SUBJECT);
        add("return-path", HeaderScanner.RETURN_PATH);
        add("content-length", HeaderScanner.CONTENT_LENGTH);
        add("mime-version", HeaderScanner.MIME_VERSION);
        add("delivered-to", HeaderScanner.DELIVERED_TO);
        add("resent-date", HeaderScanner.RESENT_DATE);
        add("resent-from", HeaderScanner.RESENT_FROM);
        add("resent-message-id", HeaderScanner.RESENT_MESSAGE_ID);
        add("resent-to", HeaderScanner.RESENT_TO);
        add("resent-cc", HeaderScanner.RESENT_CC);
        add("resent-bcc", HeaderScanner.RESENT_BCC);
        add("resent-sender", HeaderScanner.RESENT_SENDER);
        add("received", HeaderScanner.RECEIVED);
    }

    private HeaderName() {}

    private static void add(String name, int bit) {
        int length = name.length();
        NAMES[length] = Arrays.copyOf(NAMES[length], NAMES[length].length + 1);
        NAMES[length][NAMES[length].length - 1] = name.getBytes(StandardCharsets.US_ASCII);
        BITS[length] = Arrays.copyOf(BITS[length], BITS[length].length + 1);
        BITS[length][BITS[length].length - 1] = bit;
    }

    /** The bit of the name, or 0. */
    static int find(byte[] name, int length) {
        if (length > BYTES_MAX) {
            return 0;
        }
        byte[][] candidates = NAMES[length];
        for (int i = 0; i < candidates.length; i++) {
            if (is(name, candidates[i])) {
                return BITS[length][i];
            }
        }
        return 0;
    }

    private static boolean is(byte[] name, byte[] lower) {
        for (int i = 0; i < lower.length; i++) {
            // Every byte of a candidate, the hyphen too, has this bit.
            if ((name[i] | 0x20) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@code From } may be quoted, as mailbox formats do. */
    static boolean isMailboxLine(byte[] name, int length) {
        if (length > BYTES_MAX) {
            return false;
        }
        int at = 0;
        while (at < length && name[at] == '>') {
            at++;
        }
        return length - at == 4 && name[at] == 'F' && name[at + 1] == 'r' && name[at + 2] == 'o' && name[at + 3] == 'm';
    }
}
