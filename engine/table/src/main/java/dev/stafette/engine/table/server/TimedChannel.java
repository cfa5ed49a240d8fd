// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A connection, TCP or UNIX-domain, that blocks until a deadline and no longer.
 * Thread: one at a time.
 *
 * <p>A channel of its own because a {@code Socket} has no UNIX-domain addresses, a blocking channel no timeouts, and
 * because a socket's read timeout would give a server that drips bytes all the time it wants.
 */
final class TimedChannel implements Closeable {
    private static final long NS_PER_MS = 1_000_000;

    private final SocketChannel channel;
    private final Selector selector;

    // Owned by the thread that uses the connection.
    private long deadlineNs;

    private TimedChannel(SocketChannel channel, Selector selector, long timeoutMs) {
        this.channel = channel;
        this.selector = selector;
        startTimer(timeoutMs);
    }

    static TimedChannel connect(ServerAddress server, long timeoutMs) throws IOException {
        IOException failure = new IOException("no address: " + server);
        for (SocketAddress address : server.resolve()) {
            try {
                return connect(address, timeoutMs);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static TimedChannel connect(SocketAddress address, long timeoutMs) throws IOException {
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            TimedChannel timed = new TimedChannel(channel, Selector.open(), timeoutMs);
            try {
                timed.start(address);
                return timed;
            } catch (IOException e) {
                timed.close();
                throw e;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void start(SocketAddress address) throws IOException {
        channel.configureBlocking(false);
        if (!(address instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (!channel.connect(address)) {
            do {
                await(SelectionKey.OP_CONNECT, "connect");
            } while (!channel.finishConnect());
        }
    }

    /** From now on; what follows fails with a {@link SocketTimeoutException} after it. 0: never. */
    void startTimer(long timeoutMs) {
        deadlineNs = timeoutMs == 0 ? Long.MAX_VALUE : System.nanoTime() + timeoutMs * NS_PER_MS;
    }

    /** At least one byte, or -1 at the end. */
    int read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        while (count == 0) {
            await(SelectionKey.OP_READ, "read");
            count = channel.read(into);
        }
        return count;
    }

    /** All of it. */
    void write(ByteBuffer bytes) throws IOException {
        while (channel.write(bytes) >= 0 && bytes.hasRemaining()) {
            await(SelectionKey.OP_WRITE, "write");
        }
    }

    /** Whether the peer has closed, or has said something unasked: either way no request may follow. */
    boolean isQuiet() {
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void await(int operation, String what) throws IOException {
        long leftMs = deadlineNs == Long.MAX_VALUE ? 0 : (deadlineNs - System.nanoTime()) / NS_PER_MS + 1;
        if (deadlineNs != Long.MAX_VALUE && leftMs <= 0) {
            throw new SocketTimeoutException(what + " timed out");
        }
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            channel.register(selector, operation);
        } else {
            key.interestOps(operation);
        }
        selector.select(leftMs);
        if (!channel.isOpen() || Thread.currentThread().isInterrupted()) {
            throw new EOFException(what + " interrupted");
        }
        selector.selectedKeys().clear();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            selector.close();
        }
    }
}
