// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Event loops and the channels that go with them: epoll, or NIO where there is none.
 * Thread: any.
 */
record Loops(
        EventLoopGroup group, Class<? extends SocketChannel> socket, Class<? extends ServerSocketChannel> serverSocket)
        implements AutoCloseable {
    private static final long CLOSE_WAIT_S = 5;

    static Loops open(String name, int count) {
        DefaultThreadFactory threads = new DefaultThreadFactory(name, true);
        if (Epoll.isAvailable()) {
            return new Loops(
                    new MultiThreadIoEventLoopGroup(count, threads, EpollIoHandler.newFactory()),
                    EpollSocketChannel.class,
                    EpollServerSocketChannel.class);
        }
        return new Loops(
                new MultiThreadIoEventLoopGroup(count, threads, NioIoHandler.newFactory()),
                NioSocketChannel.class,
                NioServerSocketChannel.class);
    }

    /** Ends the loops; what is under way on them is cut off. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_WAIT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_WAIT_S, TimeUnit.SECONDS);
    }
}
