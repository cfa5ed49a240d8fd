// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines and messages on a connection, for either end.
 * Thread: the owner's, which blocks.
 */
final class DeputyChannel {
    /** A command with as many recipients as there are in one delivery. */
    private static final int LINE_BYTES_MAX = 1 << 20;

    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(32 << 10).flip();

    DeputyChannel(ByteChannel channel) {
        this.channel = channel;
    }

    /** A reply: {@code lines} are all of its text, the last of them that of the reply proper. */
    record Reply(int code, List<String> lines) {
        String text() {
            return lines.get(lines.size() - 1);
        }
    }

    /** What the other end has said behind the last line. */
    ByteBuffer unread() {
        return in;
    }

    private boolean fill() throws IOException {
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
        ByteBuffer bytes = ByteBuffer.wrap(all.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The stored form of a message, with the dot at its end; returns its length. */
    long readMessage(WritableByteChannel out, long bytesMax) throws IOException {
        long total = 0;
        int matched = 0;
        boolean atLineStart = true;
        while (true) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the connection ends in a message");
            }
            int from = in.position();
            boolean isEnd = false;
            while (in.hasRemaining() && !isEnd) {
                byte next = in.get();
                matched = (matched > 0 || atLineStart) && next == END[matched] ? matched + 1 : 0;
                atLineStart = next == '\n';
                isEnd = matched == END.length;
            }
            ByteBuffer piece = in.duplicate().position(from).limit(in.position());
            total += piece.remaining();
            if (total > bytesMax) {
                throw new IOException("message longer than " + bytesMax + " bytes");
            }
            while (piece.hasRemaining()) {
                out.write(piece);
            }
            if (isEnd) {
                return total;
            }
        }
    }
}
