// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import dev.stafette.codec.address.MailAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Received field that a relay puts in front of a message (RFC 5321 §4.4), in Postfix's shape.
 * Thread: any (a value). A session makes one after each EHLO: what its messages share is encoded once.
 *
 * <pre>
 * Received: from HELO (NAME [ADDRESS])
 *     (COMMENT)
 *     by HOST (SYSTEM) with ESMTP id QUEUEID
 *     for &lt;RECIPIENT&gt;; DATE             (several recipients: the line before ends with ";" and only DATE follows)
 * Received: by HOST (SYSTEM, from userid N)
 *     id QUEUEID; DATE
 * </pre>
 */
public final class ReceivedHeader {
    private static final byte[] FOR = ascii("\r\n\tfor <");
    private static final byte[] FOR_END = ascii(">; ");
    private static final byte[] NO_FOR = ascii(";\r\n\t");
    private static final byte[] LOCAL_END = ascii("; ");

    private final byte[] head;
    private final boolean local;
    private final boolean smtpUtf8;

    private ReceivedHeader(String head, boolean local, boolean smtpUtf8) {
        this.head = head.getBytes(StandardCharsets.UTF_8);
        this.local = local;
        this.smtpUtf8 = smtpUtf8;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @param helo what the client called itself, free of what could break a comment
     * @param clientName from the DNS, or {@code unknown}
     * @param clientAddress as in an address literal (RFC 5321 §4.1.3), without brackets: {@code IPv6:::1}
     * @param comments of the session, each a line of its own, without what could end them
     * @param system what the mail system is called
     * @param protocol SMTP, ESMTP, UTF8SMTP, … (RFC 3848, RFC 6531 §4.3)
     */
    public static ReceivedHeader ofClient(
            String helo,
            String clientName,
            String clientAddress,
            List<String> comments,
            String host,
            String system,
            String protocol) {
        StringBuilder head =
                new StringBuilder("Received: from " + helo + " (" + clientName + " [" + clientAddress + "])");
        for (String comment : comments) {
            head.append("\r\n\t(").append(comment).append(')');
        }
        head.append("\r\n\tby " + host + " (" + system + ") with " + protocol + " id ");
        return new ReceivedHeader(head.toString(), false, protocol.startsWith("UTF8"));
    }

    /** For a message of our own. */
    public static ReceivedHeader ofHost(String host, String system) {
        return new ReceivedHeader("Received: by " + host + " (" + system + ")\r\n\tid ", true, false);
    }

    /** For a message that a user of this machine submitted. */
    public static ReceivedHeader ofUser(int userId, String host, String system) {
        return new ReceivedHeader(
                "Received: by " + host + " (" + system + ", from userid " + userId + ")\r\n\tid ", true, false);
    }

    /**
     * Writes the field with its CRLF.
     *
     * @param recipient the only one of the message; null when there are several. One beyond ASCII is named only where the
     *     header may hold UTF-8 (RFC 6532 §3.2)
     */
    public void write(String queueId, @Nullable MailAddress recipient, MailDate date, long epochMs, ByteBuf out) {
        out.writeBytes(head);
        ByteBufUtil.writeAscii(out, queueId);
        if (local) {
            out.writeBytes(LOCAL_END);
        } else if (recipient == null || !(smtpUtf8 || recipient.isAscii())) {
            out.writeBytes(NO_FOR);
        } else {
            out.writeBytes(FOR);
            ByteBufUtil.writeUtf8(out, recipient.external());
            out.writeBytes(FOR_END);
        }
        date.write(epochMs, out);
        out.writeShort('\r' << 8 | '\n');
    }
}
