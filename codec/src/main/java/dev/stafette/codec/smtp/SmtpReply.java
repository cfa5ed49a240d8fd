// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP reply, of one or more lines (RFC 5321 §4.2, RFC 2034 §3), of either side. Whatever a client or a table has put into its
 * text, a line of it is one line.
 * Thread: any (a value). A constant reply is encoded once; see {@link #encode}.
 */
public final class SmtpReply {
    private final int code;
    private final @Nullable EnhancedStatus status;
    private final List<String> lines;
    private final byte[] wire;

    private SmtpReply(int code, @Nullable EnhancedStatus status, List<String> lines) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code: " + code + " (expected: 200..599)");
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("reply lines: none (expected: at least one)");
        }
        this.code = code;
        this.status = status;
        this.lines = List.copyOf(lines);
        this.wire = print().getBytes(StandardCharsets.UTF_8);
    }

    public static SmtpReply of(int code, String text) {
        return new SmtpReply(code, null, List.of(text));
    }

    public static SmtpReply of(int code, EnhancedStatus status, String text) {
        return new SmtpReply(code, status, List.of(text));
    }

    /** The text of each line stands without code and enhanced status. */
    public static SmtpReply ofLines(int code, @Nullable EnhancedStatus status, List<String> lines) {
        return new SmtpReply(code, status, lines);
    }

    private String print() {
        StringBuilder out = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            out.append(code).append(i + 1 < lines.size() ? '-' : ' ');
            if (status != null) {
                out.append(status).append(' ');
            }
            appendPrintable(out, lines.get(i));
            out.append("\r\n");
        }
        return out.toString();
    }

    /** As Postfix does (smtpd_check.c), for the sake of clients, and of terminals that show what they log. */
    private static void appendPrintable(StringBuilder out, String line) {
        int from = out.length();
        out.append(line);
        for (int i = from; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.setCharAt(i, ' ');
            }
        }
    }

    public int code() {
        return code;
    }

    public @Nullable EnhancedStatus status() {
        return status;
    }

    public List<String> lines() {
        return lines;
    }

    /** All lines joined by a space. */
    public String text() {
        return lines.size() == 1 ? lines.get(0) : String.join(" ", lines);
    }

    /** As Postfix logs a remote reply: the lines as they came, code included, joined by a space. */
    public String logText() {
        return print().stripTrailing().replace("\r\n", " ");
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /** Writes the reply as it goes over the wire, CRLF included. No allocation. */
    public void encode(ByteBuf out) {
        out.writeBytes(wire);
    }

    /** How long it is on the wire. */
    public int wireBytes() {
        return wire.length;
    }

    /** As {@link #encode}. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(wire, 0, target, offset, wire.length);
    }

    @Override
    public String toString() {
        return print();
    }
}
