// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines and messages on a connection, for either end. What is written goes out when something is read, or by {@link #flush}.
 * Thread: the owner's, which blocks.
 */
final class DeputyChannel {
    /** A command with as many recipients as there are in one delivery. */
    private static final int LINE_BYTES_MAX = 1 << 20;

    private static final int OUT_BYTES = 8 << 10;

    /** What is longer is copied from file to connection by the system. */
    private static final int PIECE_BYTES_MAX = 64 << 10;

    private final ByteChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(32 << 10).flip();

    // Owned by the owner's thread.
    /** What is still to be said: it goes out in one piece before anything is waited for. */
    private ByteBuffer out = ByteBuffer.allocate(OUT_BYTES);

    /** Since {@link #begin}. */
    private boolean hasSaid;

    DeputyChannel(ByteChannel channel) {
        this.channel = channel;
    }

    /** A reply: {@code lines} are all of its text, the last of them that of the reply proper. */
    record Reply(int code, List<String> lines) {
        String text() {
            return lines.get(lines.size() - 1);
        }
    }

    /** Something new is to be said. */
    void begin() {
        hasSaid = false;
    }

    /** Whether the other end may have heard any of it. One that is closed takes no byte: the socket is the machine's own. */
    boolean hasSaid() {
        return hasSaid;
    }

    /** What the other end has said behind the last line. */
    ByteBuffer unread() {
        return in;
    }

    private boolean fill() throws IOException {
        flush();
        in.clear();
        int count = channel.read(in);
        in.flip();
        return count > 0;
    }

    /** Without its end. */
    String readLine() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the connection ends");
            }
            byte next = in.get();
            if (next == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.UTF_8);
            }
            if (length == LINE_BYTES_MAX) {
                throw new IOException("line longer than " + LINE_BYTES_MAX + " bytes");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = next;
        }
    }

    Reply readReply() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = readLine();
            if (line.length() < 3) {
                throw new IOException("no reply: " + line);
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) != '-') {
                try {
                    return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
                } catch (NumberFormatException e) {
                    throw new IOException("no reply: " + line, e);
                }
            }
        }
    }

    void writeLines(String... lines) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line : lines) {
            all.append(line.replace('\r', ' ').replace('\n', ' ')).append("\r\n");
        }
        write(ByteBuffer.wrap(all.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void write(ByteBuffer bytes) {
        if (bytes.remaining() > out.remaining()) {
            ByteBuffer larger = ByteBuffer.allocate(2 * out.capacity() + bytes.remaining());
            out = larger.put(out.flip());
        }
        out.put(bytes);
    }

    /** The stored form of a message, behind what has been said before. */
    void writeMessage(MessageBody body) throws IOException {
        if (out.position() > PIECE_BYTES_MAX) {
            flush();
        }
        ByteBuf head = body.head();
        if (head != null) {
            write(head.nioBuffer());
        }
        for (int i = 0; i < body.partCount(); i++) {
            FileChannel file = body.partChannel(i);
            long position = body.partPosition(i);
            long end = position + body.partLengthBytes(i);
            if (end - position <= PIECE_BYTES_MAX) {
                ByteBuffer piece = ByteBuffer.allocate((int) (end - position));
                while (piece.hasRemaining()) {
                    position += checkRead(file.read(piece, position), position);
                }
                write(piece.flip());
            } else {
                flush();
                while (position < end) {
                    position += checkRead(file.transferTo(position, end - position, channel), position);
                    hasSaid = true;
                }
            }
        }
    }

    private static long checkRead(long count, long position) throws EOFException {
        if (count <= 0) {
            throw new EOFException("message file ends at " + position);
        }
        return count;
    }

    void flush() throws IOException {
        out.flip();
        try {
            while (out.hasRemaining()) {
                hasSaid |= channel.write(out) > 0;
            }
        } finally {
            out = out.capacity() > OUT_BYTES ? ByteBuffer.allocate(OUT_BYTES) : out.clear();
        }
    }

    /** As many bytes. */
    void readBytes(WritableByteChannel to, long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the connection ends in a message");
            }
            ByteBuffer piece = in.duplicate();
            piece.limit(piece.position() + (int) Math.min(piece.remaining(), left));
            left -= piece.remaining();
            in.position(piece.limit());
            while (piece.hasRemaining()) {
                to.write(piece);
            }
        }
    }

    /** As many bytes as fit. */
    void readBytes(ByteBuffer to) throws IOException {
        while (to.hasRemaining()) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the connection ends in a message");
            }
            ByteBuffer piece = in.duplicate();
            piece.limit(piece.position() + Math.min(piece.remaining(), to.remaining()));
            in.position(piece.limit());
            to.put(piece);
        }
    }
}
