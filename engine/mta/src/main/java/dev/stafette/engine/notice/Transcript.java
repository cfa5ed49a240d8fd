// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * What was said in an SMTP session, without the content of messages. Of one that goes on for long the beginning is forgotten.
 * Thread: its owner's.
 */
public final class Transcript {
    static final int TURNS_MAX = 500;
    static final int BYTES_MAX = 64 << 10;

    /** Whose turn it is, and how many bytes follow. */
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private static final byte CLIENT = 0;
    private static final byte SERVER = 1;
    private static final int FIRST_BYTES = 256;

    // Owned by the owner.
    /** One turn behind the other, so that what is said costs nothing but its bytes, over and over. On the heap, not counted. */
    private final ByteBuf turns = Unpooled.buffer(FIRST_BYTES);

    private int turnCount;
    private int lineCount;
    private int forgottenCount;

    /** {@code line}: the client's, without its end. */
    public void hear(byte[] line) {
        int start = begin(CLIENT);
        turns.writeBytes(line);
        end(start, 1);
    }

    /** The line that has been read last. */
    public void hear(SmtpLineDecoder line) {
        int start = begin(CLIENT);
        line.copyTo(turns);
        end(start, 1);
    }

    public void say(SmtpReply reply) {
        int start = begin(SERVER);
        reply.encode(turns);
        end(start, reply.lines().size());
    }

    /** The reply that ends a message; {@code chunkedBytes} negative: it has not come in chunks. */
    public void sayQueued(String queueId, long chunkedBytes) {
        int start = begin(SERVER);
        ByteBufUtil.writeAscii(turns, "250 2.0.0 Ok: ");
        if (chunkedBytes >= 0) {
            ByteBufUtil.writeAscii(turns, Long.toString(chunkedBytes));
            ByteBufUtil.writeAscii(turns, " bytes ");
        }
        ByteBufUtil.writeAscii(turns, "queued as ");
        ByteBufUtil.writeAscii(turns, queueId);
        end(start, 1);
    }

    private int begin(byte who) {
        int start = turns.writerIndex();
        turns.writeByte(who).writeInt(0);
        return start;
    }

    private void end(int start, int lines) {
        turns.setInt(start + 1, turns.writerIndex() - start - HEAD_BYTES);
        turnCount++;
        lineCount += lines;
        while (turnCount > TURNS_MAX || turns.readableBytes() > BYTES_MAX && turnCount > 1) {
            turns.skipBytes(HEAD_BYTES + turns.getInt(turns.readerIndex() + 1));
            turnCount--;
            forgottenCount++;
        }
        if (turns.readerIndex() > BYTES_MAX) {
            turns.discardReadBytes();
        }
    }

    /** Of all that was said since the last {@link #clear}. */
    public int lineCount() {
        return lineCount;
    }

    public void clear() {
        turns.clear();
        turnCount = 0;
        lineCount = 0;
        forgottenCount = 0;
    }

    void print(NoticeText out) {
        if (forgottenCount > 0) {
            out.line(" (the first " + forgottenCount + " turns are left out)");
        }
        int at = turns.readerIndex();
        while (at < turns.writerIndex()) {
            int length = turns.getInt(at + 1);
            String text = turns.toString(at + HEAD_BYTES, length, StandardCharsets.UTF_8);
            if (turns.getByte(at) == CLIENT) {
                out.quoted("In:  " + text);
            } else {
                text.lines().forEach(line -> out.quoted("Out: " + line));
            }
            at += HEAD_BYTES + length;
        }
    }
}
