// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes messages, forgets them, and counts which it has seen; misbehaves on request.
 * Thread: any; the work is done on loops of its own.
 */
public final class DiscardSink implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int RECEIVE_BYTES = 64 * 1024;

    private final SinkSettings settings;
    private final Loops loops;
    private final List<SinkAddress> addresses = new ArrayList<>();
    private final List<Channel> listeners = new ArrayList<>();
    private final SequenceSet seen = new SequenceSet();
    private final AtomicLong sessionCount = new AtomicLong();
    private final LongAdder messages = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder unnumbered = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Written by the loops, in whatever order; read by whoever wants the counts. 0: none yet. */
    private volatile long firstNs;

    private volatile long lastNs;

    private DiscardSink(SinkSettings settings) {
        this.settings = settings;
        this.loops = Loops.open("sink", settings.loopCount());
    }

    /** Returns when it listens. */
    public static DiscardSink open(SinkSettings settings) throws IOException {
        DiscardSink sink = new DiscardSink(settings);
        try {
            sink.listen();
        } catch (InterruptedException e) {
            sink.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            sink.close();
            throw e;
        }
        return sink;
    }

    private void listen() throws IOException, InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverSocket())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new io.netty.channel.FixedRecvByteBufAllocator(RECEIVE_BYTES));
        for (InetSocketAddress address : settings.addresses()) {
            SinkAddress own =
                    new SinkAddress(addresses.size() < settings.deferringAddressCount(), settings.connectionsMax());
            addresses.add(own);
            var bound = bootstrap
                    .clone()
                    .childHandler(new Initializer(own))
                    .bind(address)
                    .await();
            if (!bound.isSuccess()) {
                throw new IOException(
                        "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
            }
            listeners.add(bound.channel());
        }
    }

    private final class Initializer extends ChannelInitializer<SocketChannel> {
        private final SinkAddress address;

        Initializer(SinkAddress address) {
            this.address = address;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            long seed = settings.seed() + sessionCount.getAndIncrement();
            channel.pipeline().addLast(new SinkSession(DiscardSink.this, address, settings, seed));
        }
    }

    /** Of the first address. */
    public int port() {
        return ((InetSocketAddress) listeners.get(0).localAddress()).getPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.get(0).localAddress();
    }

    void onMessage(long sequence, long byteCount) {
        messages.increment();
        bytes.add(byteCount);
        if (sequence == SinkBody.NO_SEQUENCE) {
            unnumbered.increment();
        } else if (!seen.add(sequence)) {
            duplicates.increment();
        }
        long nowNs = System.nanoTime();
        if (firstNs == 0) {
            firstNs = nowNs;
        }
        lastNs = nowNs;
    }

    void onDeferred() {
        deferred.increment();
    }

    void onFailed() {
        failed.increment();
    }

    void onRefused() {
        refused.increment();
    }

    /** Which sequence numbers have come. */
    public SequenceSet seen() {
        return seen;
    }

    public SinkCounts counts() {
        int peak = 0;
        for (SinkAddress address : addresses) {
            peak = Math.max(peak, address.peakCount());
        }
        return new SinkCounts(
                messages.sum(),
                seen.size(),
                duplicates.sum(),
                unnumbered.sum(),
                bytes.sum(),
                deferred.sum(),
                failed.sum(),
                sessionCount.get(),
                refused.sum(),
                peak,
                (lastNs - firstNs) / 1e9);
    }

    @Override
    public void close() {
        loops.close();
    }
}
