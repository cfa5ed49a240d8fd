// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

import dev.stafette.codec.message.WireBody;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes one copy of a message, in pieces: its memory does not grow with the message.
 * Thread: the caller's, for one copy.
 */
public final class MessageCopy {
    private static final int PIECE_BYTES = 32 << 10;

    /** As asctime(3) has it: the day of the month is two wide. */
    private static final DateTimeFormatter FROM_DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private final CopyRules rules;
    private final WireBody content = new WireBody(true);
    private final CopiedLines lines;
    private final OutputStream out;

    private MessageCopy(CopyRules rules, OutputStream out) {
        this.rules = rules;
        this.lines = new CopiedLines(rules);
        this.out = out;
    }

    /** The stream is neither flushed nor closed; the body is borrowed. The date of a {@code From } line is local time. */
    public static void write(MessageBody body, CopyRules rules, CopyAddresses addresses, long epochMs, OutputStream out)
            throws IOException {
        MessageCopy copy = new MessageCopy(rules, out);
        out.write(copy.front(addresses, epochMs).getBytes(StandardCharsets.UTF_8));
        copy.copy(body);
        if (rules.blankLine()) {
            out.write(rules.lineEnd().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private String front(CopyAddresses addresses, long epochMs) {
        StringBuilder front = new StringBuilder();
        String sender = addresses.sender();
        if (rules.fromLine()) {
            String date =
                    Instant.ofEpochMilli(epochMs).atZone(ZoneId.systemDefault()).format(FROM_DATE);
            line(front, "From " + (sender.isEmpty() ? "MAILER-DAEMON" : sender) + "  " + date);
        }
        if (rules.returnPath()) {
            line(front, "Return-Path: <" + sender + ">");
        }
        if (rules.originalTo() && !addresses.originalTo().isEmpty()) {
            line(front, "X-Original-To: " + addresses.originalTo());
        }
        if (rules.deliveredTo()) {
            line(front, "Delivered-To: " + addresses.deliveredTo());
        }
        return front.toString();
    }

    private void line(StringBuilder front, String text) {
        front.append(text).append(rules.lineEnd());
    }

    private void copy(MessageBody body) throws IOException {
        ByteBuf head = body.head();
        if (head != null) {
            piece(head.duplicate());
        }
        byte[] bytes = new byte[PIECE_BYTES];
        for (int i = 0; i < body.partCount(); i++) {
            FileChannel file = body.partChannel(i);
            long position = body.partPosition(i);
            long end = position + body.partLengthBytes(i);
            while (position < end) {
                int count =
                        file.read(ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, end - position)), position);
                if (count <= 0) {
                    throw new EOFException("message file ends at " + position);
                }
                piece(Unpooled.wrappedBuffer(bytes, 0, count));
                position += count;
            }
        }
        lines.end(out);
    }

    private void piece(ByteBuf wire) throws IOException {
        ByteBuf plain = Unpooled.buffer(wire.readableBytes() + 1);
        content.decode(wire, plain);
        lines.copy(plain.array(), plain.readableBytes(), out);
    }
}
