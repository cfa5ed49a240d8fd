// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.Random;

/**
 * The sockets of a loop's client.
 * Thread: event loop.
 *
 * <p>Each query has a socket of its own, connected: the system chooses a port at random, which is half of what a forger
 * has to guess (RFC 5452 §9.2), drops what another address sends, and reports a port where nobody listens.
 */
final class Network {
    /** More than is asked for (RFC 6891 §6.2.5): some servers send what they like. */
    private static final int DATAGRAM_BYTES_MAX = 4096;

    private final EventLoop loop;
    private final Random ids;
    private final Bootstrap datagrams;
    private final Bootstrap streams;

    /** {@code ids}: nobody must be able to guess what comes next. */
    Network(EventLoop loop, Random ids) {
        this.loop = loop;
        this.ids = ids;
        boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        this.datagrams = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX))
                .disableResolver();
        this.streams = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .disableResolver();
    }

    EventLoop loop() {
        return loop;
    }

    int nextId() {
        return ids.nextInt(1 << 16);
    }

    // The bootstraps are this loop's own: nobody else sets their handlers meanwhile.

    ChannelFuture openDatagrams(InetSocketAddress server, ChannelHandler handler) {
        return datagrams.handler(handler).connect(server);
    }

    ChannelFuture openStream(InetSocketAddress server, ChannelHandler handler) {
        return streams.handler(handler).connect(server);
    }
}
