// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a socket in the file system, and runs the loop of those who connect.
 * Thread: any; connections are for its own loop, whose name the one who opens it chooses.
 */
public final class DomainListener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long CLOSE_WAIT_S = 1;
    /** Channels close sooner, unless the loop hangs. */
    private static final long CHANNELS_WAIT_S = 10;

    private final Path socket;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;

    /** Who listens, and who has connected. */
    private final ChannelGroup channels;

    /** Gets the connections, on the loop, before anything is read. */
    public interface Acceptor {
        void accept(Channel channel);
    }

    private DomainListener(Path socket, MultiThreadIoEventLoopGroup group) {
        this.socket = socket;
        this.group = group;
        this.loop = group.next();
        this.channels = new DefaultChannelGroup(loop, true);
    }

    /**
     * A file of that name is replaced: it was left by a process that died, as the caller knows who holds the lock of the
     * directory. Returns when it listens and the file has its permissions.
     *
     * @param permissions as {@code rw-rw----}
     */
    public static DomainListener open(
            DomainSockets kind, Path socket, String permissions, String threadName, Acceptor acceptor)
            throws IOException {
        Files.deleteIfExists(socket);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1,
                task -> {
                    Thread thread = new FastThreadLocalThread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                },
                kind.io());
        DomainListener listener = new DomainListener(socket, group);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(kind.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        listener.channels.add(channel);
                        acceptor.accept(channel);
                    }
                });
        if (kind == DomainSockets.EPOLL) {
            // A client may say that it has no more to say, and still listen. Java's channels know no such half.
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        ChannelFuture bound = bootstrap.bind(kind.address(socket)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            listener.shutDown();
            throw new IOException(socket + ": " + bound.cause().getMessage(), bound.cause());
        }
        listener.channels.add(bound.channel());
        try {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            listener.close();
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
        return listener;
    }

    /** Where those who connected are served. */
    public EventLoop loop() {
        return loop;
    }

    /**
     * First the channels: a loop that is told to end between two of its steps leaves them open, and one of epoll's that
     * closes late takes the file away that another listens on by then.
     */
    private void shutDown() {
        var closed = channels.close();
        if (!loop.inEventLoop()) {
            closed.awaitUninterruptibly(CHANNELS_WAIT_S, TimeUnit.SECONDS);
        }
        var ended = group.shutdownGracefully(0, CLOSE_WAIT_S, TimeUnit.SECONDS);
        if (!loop.inEventLoop()) {
            ended.awaitUninterruptibly(CLOSE_WAIT_S, TimeUnit.SECONDS);
        }
    }

    /** Ends the loop with all connections, and removes the socket. */
    @Override
    public void close() throws IOException {
        shutDown();
        Files.deleteIfExists(socket);
    }
}
