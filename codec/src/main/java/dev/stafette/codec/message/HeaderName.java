// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header names that are told apart, a bit each.
 * Thread: any.
 */
public final class HeaderName {
    public static final int DATE = 1;
    public static final int FROM = 1 << 1;
    public static final int MESSAGE_ID = 1 << 2;
    public static final int TO = 1 << 3;
    public static final int CC = 1 << 4;
    public static final int BCC = 1 << 5;
    public static final int SENDER = 1 << 6;
    public static final int SUBJECT = 1 << 7;
    public static final int RETURN_PATH = 1 << 8;
    public static final int CONTENT_LENGTH = 1 << 9;
    public static final int MIME_VERSION = 1 << 10;
    public static final int DELIVERED_TO = 1 << 11;
    public static final int RESENT_DATE = 1 << 12;
    public static final int RESENT_FROM = 1 << 13;
    public static final int RESENT_MESSAGE_ID = 1 << 14;
    public static final int RESENT_TO = 1 << 15;
    public static final int RESENT_CC = 1 << 16;
    public static final int RESENT_BCC = 1 << 17;
    public static final int RESENT_SENDER = 1 << 18;
    public static final int RECEIVED = 1 << 19;
    public static final int REPLY_TO = 1 << 20;
    public static final int ERRORS_TO = 1 << 21;
    public static final int RETURN_RECEIPT_TO = 1 << 22;
    public static final int DISPOSITION_NOTIFICATION_TO = 1 << 23;
    public static final int RESENT_REPLY_TO = 1 << 24;
    public static final int MAIL_FOLLOWUP_TO = 1 << 25;
    public static final int APPARENTLY_TO = 1 << 26;

    /** RFC 8689 §3. */
    public static final int TLS_REQUIRED = 1 << 27;

    /** Postfix's way to keep what was said of that in MAIL. */
    public static final int REQUIRE_TLS_ESMTP = 1 << 28;

    /** Any of these: the message was resent, and its Resent fields count (RFC 5322 §3.6.6). */
    public static final int RESENT =
            RESENT_DATE | RESENT_FROM | RESENT_MESSAGE_ID | RESENT_TO | RESENT_CC | RESENT_BCC | RESENT_SENDER;

    /** Fields that hold addresses of those whom a message is for; Postfix has Resent-Reply-To among them. */
    public static final int RECIPIENT_ADDRESSES =
            TO | CC | BCC | RESENT_TO | RESENT_CC | RESENT_BCC | RESENT_REPLY_TO | APPARENTLY_TO;

    /** Fields that hold addresses. */
    public static final int ADDRESSES = RECIPIENT_ADDRESSES
            | FROM
            | SENDER
            | REPLY_TO
            | ERRORS_TO
            | RETURN_RECEIPT_TO
            | DISPOSITION_NOTIFICATION_TO
            | MAIL_FOLLOWUP_TO
            | RESENT_FROM
            | RESENT_SENDER;

    static final int BYTES_MAX = 32;

    // By length.

    private static final byte[][][] NAMES = new byte[BYTES_MAX + 1][0][];
    private static final int[][] BITS = new int[BYTES_MAX + 1][0];

    static {
        add("date", DATE);
        add("from", FROM);
        add("message-id", MESSAGE_ID);
        add("to", TO);
        add("cc", CC);
        add("bcc", BCC);
        add("sender", SENDER);
        add("subject", SUBJECT);
        add("return-path", RETURN_PATH);
        add("content-length", CONTENT_LENGTH);
        add("mime-version", MIME_VERSION);
        add("delivered-to", DELIVERED_TO);
        add("resent-date", RESENT_DATE);
        add("resent-from", RESENT_FROM);
        add("resent-message-id", RESENT_MESSAGE_ID);
        add("resent-to", RESENT_TO);
        add("resent-cc", RESENT_CC);
        add("resent-bcc", RESENT_BCC);
        add("resent-sender", RESENT_SENDER);
        add("received", RECEIVED);
        add("reply-to", REPLY_TO);
        add("errors-to", ERRORS_TO);
        add("return-receipt-to", RETURN_RECEIPT_TO);
        add("disposition-notification-to", DISPOSITION_NOTIFICATION_TO);
        add("resent-reply-to", RESENT_REPLY_TO);
        add("mail-followup-to", MAIL_FOLLOWUP_TO);
        add("apparently-to", APPARENTLY_TO);
        add("tls-required", TLS_REQUIRED);
        add("require-tls-esmtp", REQUIRE_TLS_ESMTP);
    }

    private HeaderName() {}

    private static void add(String name, int bit) {
        int length = name.length();
        NAMES[length] = Arrays.copyOf(NAMES[length], NAMES[length].length + 1);
        NAMES[length][NAMES[length].length - 1] = name.getBytes(StandardCharsets.US_ASCII);
        BITS[length] = Arrays.copyOf(BITS[length], BITS[length].length + 1);
        BITS[length][BITS[length].length - 1] = bit;
    }

    /** The bit of the name, in any case, or 0. */
    public static int of(String name) {
        return find(name.getBytes(StandardCharsets.UTF_8), name.length());
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
