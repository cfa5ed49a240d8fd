// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Many clients that say a byte now and then: of a command that does not end, or of a message. They never read. */
final class SlowSessions implements AutoCloseable {
    /** As many as one address may have. */
    static final int PER_ADDRESS = 50;

    /** Between two looks: the server needs the processor, too. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final ByteBuffer NEXT = ByteBuffer.wrap(new byte[] {'x'}).asReadOnlyBuffer();

    private final InetSocketAddress server;
    private final List<SocketChannel> channels = new ArrayList<>();
    private @Nullable Thread thread;
    private volatile boolean stopping;

    SlowSessions(InetSocketAddress server) {
        this.server = server;
    }

    /** @param prelude what each says at once; from 127.0.1.1 on, {@link #PER_ADDRESS} each */
    SlowSessions open(int count, String prelude) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = connect(server, 1 + channels.size() / PER_ADDRESS);
            channels.add(channel);
            channel.write(ByteBuffer.wrap(prelude.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
        }
        return this;
    }

    private static SocketChannel connect(InetSocketAddress server, int host) throws IOException {
        byte[] from = {127, 0, 1, (byte) host};
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
        channel.connect(server);
        return channel;
    }

    /** A client with nothing to hide from one of their addresses. */
    static SocketClient neighbour(InetSocketAddress server) throws IOException {
        return new SocketClient(connect(server, 1).socket());
    }

    /** From now on each says a byte in so many ms. */
    SlowSessions start(long intervalMs) {
        Thread dripping = new Thread(() -> drip(intervalMs), "slow-sessions");
        dripping.start();
        thread = dripping;
        return this;
    }

    private void drip(long intervalMs) {
        while (!stopping) {
            for (SocketChannel channel : channels) {
                try {
                    channel.write(NEXT.duplicate());
                } catch (IOException gone) {
                    // The server was tired of it; what it said is still to be read.
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(intervalMs);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Everything that was said to one of them until it was closed. */
    String heardBy(int index) throws IOException {
        SocketChannel channel = channels.get(index);
        ByteBuffer heard = ByteBuffer.allocate(4096);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (channel.read(heard) >= 0) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("not closed: " + index);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return new String(heard.array(), 0, heard.position(), StandardCharsets.US_ASCII);
    }

    int size() {
        return channels.size();
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        if (thread != null) {
            thread.interrupt();
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
