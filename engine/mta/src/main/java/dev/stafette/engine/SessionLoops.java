// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of the process: some for sessions that come in, some for those that go out. Native epoll where it
 * loads, NIO elsewhere.
 * Thread: start-up and stop.
 */
final class SessionLoops implements AutoCloseable {
    private static final long STOP_SECONDS_MAX = 5;

    private final EventLoopGroup in;
    private final EventLoopGroup out;

    private SessionLoops(EventLoopGroup in, EventLoopGroup out) {
        this.in = in;
        this.out = out;
    }

    /** Half of the cores each way: a loop is never the bottleneck before the machine is. */
    static SessionLoops start() {
        int each = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new SessionLoops(group("smtp-in-", each), group("smtp-out-", each));
    }

    private static EventLoopGroup group(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        // Netty keeps its caches of buffers and objects within reach only for threads of its own kind.
        ThreadFactory threads = task -> new FastThreadLocalThread(task, name + number.getAndIncrement());
        return new MultiThreadIoEventLoopGroup(count, threads, io);
    }

    EventLoopGroup in() {
        return in;
    }

    EventLoopGroup out() {
        return out;
    }

    @Override
    public void close() {
        in.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS);
        out.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS);
        in.terminationFuture().awaitUninterruptibly(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        out.terminationFuture().awaitUninterruptibly(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
