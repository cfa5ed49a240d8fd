// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The other end of the admin socket: sends one request and reads its answer, line by line.
 * Thread: the one that made it; it blocks.
 */
public final class AdminClient implements AnswerLines {
    /** How long the process may say nothing before it counts as hung. */
    private static final long SILENCE_MS = 30_000;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private String reason = "";

    /** Why there is no connection. */
    public enum Absence {
        /** Nobody listens. */
        DOWN,
        /** The caller may not. */
        FORBIDDEN
    }

    /** The process cannot be asked; the message is for people. */
    public static final class AbsentException extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Absence absence;

        AbsentException(Absence absence, String message) {
            super(message);
            this.absence = absence;
        }

        public Absence absence() {
            return absence;
        }
    }

    private AdminClient(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** By the admin socket, or, where the caller may not use that, by the one for all users. */
    public static AdminClient connectAsUser(QueueDirectory directory) throws IOException {
        try {
            return connect(directory.adminSocket());
        } catch (AbsentException e) {
            if (e.absence() != Absence.FORBIDDEN) {
                throw e;
            }
            return connect(directory.userSocket());
        }
    }

    public static AdminClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            String why = String.valueOf(e.getMessage());
            boolean forbidden = why.contains("ermission denied");
            throw new AbsentException(forbidden ? Absence.FORBIDDEN : Absence.DOWN, socket + ": " + why);
        }
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        return new AdminClient(channel, selector);
    }

    /** Once a connection. A request fits into the socket's buffer. */
    public void send(AdminRequest request) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((LineCodec.write(request) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Throws when the connection breaks or stays silent. */
    @Override
    public @Nullable String readLine() throws IOException {
        int from = buffer.position();
        while (true) {
            for (int i = from; i < buffer.limit(); i++) {
                if (buffer.get(i) == '\n') {
                    return take(i);
                }
            }
            from = buffer.limit() - buffer.position();
            fill();
        }
    }

    private @Nullable String take(int end) {
        int start = buffer.position();
        String line = new String(buffer.array(), start, end - start, StandardCharsets.UTF_8);
        buffer.position(end + 1);
        if (!line.startsWith(LineCodec.LAST_LINE_START)) {
            return line;
        }
        reason = LineCodec.readFailure(line);
        return null;
    }

    private void fill() throws IOException {
        if (buffer.position() > 0) {
            int unread = buffer.remaining();
            buffer.compact();
            buffer.position(0).limit(unread);
        }
        if (buffer.limit() == buffer.capacity()) {
            int unread = buffer.limit();
            byte[] larger = Arrays.copyOf(buffer.array(), buffer.capacity() * 2);
            buffer = ByteBuffer.wrap(larger).limit(unread);
        }
        if (selector.select(SILENCE_MS) == 0) {
            throw new IOException("no answer within " + SILENCE_MS / 1000 + " s");
        }
        selector.selectedKeys().clear();
        int end = buffer.limit();
        ByteBuffer free = ByteBuffer.wrap(buffer.array(), end, buffer.capacity() - end);
        int count = channel.read(free);
        if (count < 0) {
            throw new IOException("the connection broke");
        }
        buffer.limit(end + count);
    }

    @Override
    public String failure() {
        return reason;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
