// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Envelope and content of what {@code smtp-source} sends, as Postfix's writes them.
 * Thread: any (it does not change).
 *
 * @param hasHeader ours in front of the body
 * @param body with CRLF and doubled dots, whole lines
 */
public record SourceMessage(
        String hostName,
        String sender,
        String recipient,
        @Nullable String subject,
        boolean hasHeader,
        byte[] body) {
    private static final String LULLABY =
            "La de da de da 1.\r\nLa de da de da 2.\r\nLa de da de da 3.\r\nLa de da de da 4.\r\n";
    private static final int LINE_BYTES = 80;

    /** A few lines. */
    public static byte[] lullaby() {
        return LULLABY.getBytes(StandardCharsets.US_ASCII);
    }

    /** Lines of 80 bytes, each of which begins with a digit, and what is left of the length. */
    public static byte[] ofLength(int bytes) {
        byte[] body = new byte[bytes + 2];
        for (int i = 0; i < bytes; i++) {
            body[i] = 'X';
        }
        for (int end = LINE_BYTES; end < bytes; end += LINE_BYTES) {
            body[end - 2] = '\r';
            body[end - 1] = '\n';
            body[end - LINE_BYTES] = (byte) ('0' + end / LINE_BYTES % 10);
        }
        body[bytes] = '\r';
        body[bytes + 1] = '\n';
        return body;
    }

    /** The lines of a file with header and body, and an empty one. */
    public static byte[] ofFile(byte[] content) {
        StringBuilder text = new StringBuilder(content.length + content.length / 16);
        String whole = new String(content, StandardCharsets.ISO_8859_1);
        int from = 0;
        while (from < whole.length()) {
            int end = whole.indexOf('\n', from);
            end = end < 0 ? whole.length() : end;
            if (whole.charAt(from) == '.') {
                text.append('.');
            }
            text.append(whole, from, end).append("\r\n");
            from = end + 1;
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@code id}: of the message, in front of the at sign. */
    void write(ByteBuf out, String id) {
        if (hasHeader) {
            StringBuilder fields = new StringBuilder(256);
            fields.append("From: <")
                    .append(sender)
                    .append(">\r\nTo: <")
                    .append(recipient)
                    .append(">\r\nDate: ");
            fields.append(date()).append("\r\nMessage-Id: <").append(id).append('@');
            fields.append(hostName).append(">\r\n");
            if (subject != null) {
                fields.append("Subject: ").append(subject).append("\r\n");
            }
            out.writeCharSequence(fields.append("\r\n"), StandardCharsets.UTF_8);
        }
        out.writeBytes(body).writeBytes(new byte[] {'.', '\r', '\n'});
    }

    /** RFC 5322 §3.3, with the zone's name as Postfix adds it. */
    static String date() {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        return DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx '('zzz')'", Locale.ROOT)
                .format(now.getOffset().getTotalSeconds() == 0 ? now.withZoneSameInstant(ZoneId.of("UTC")) : now);
    }
}
