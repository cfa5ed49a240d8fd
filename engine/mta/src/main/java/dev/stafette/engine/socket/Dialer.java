// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.FileNotFoundException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes connections from one loop to a server that stands in the configuration, trying its addresses one after the other.
 * Thread: event loop.
 */
public final class Dialer {
    /** {@code finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:25}. */
    private static final Pattern SYSTEM_ERROR =
            Pattern.compile("(?:\\S+ failed with error\\(-?\\d+\\): )?([^:]+)(?:: .*)?");

    private final ServerEndpoint endpoint;
    private final EventLoop loop;
    private final Executor resolving;
    private final DomainSockets sockets;
    private final boolean isEpoll;

    /** {@code resolving}: runs what may block. */
    public Dialer(ServerEndpoint endpoint, EventLoop loop, Executor resolving) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.resolving = resolving;
        this.isEpoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        this.sockets = isEpoll ? DomainSockets.EPOLL : DomainSockets.NIO;
    }

    /**
     * @param timeout for each address
     * @param handlers makes the one of a connection that is tried
     * @param connected hears of the handler whose connection is there
     * @param failed hears instead why there is none
     */
    public <H extends ChannelHandler> void dial(
            Duration timeout, Supplier<H> handlers, Consumer<H> connected, Consumer<String> failed) {
        Attempt<H> attempt = new Attempt<>(timeout, handlers, connected, failed);
        if (endpoint.isUnix()) {
            attempt.resolve();
            return;
        }
        try {
            resolving.execute(attempt::resolve);
        } catch (RejectedExecutionException e) {
            failed.accept("shutting down");
        }
    }

    private final class Attempt<H extends ChannelHandler> {
        private final Duration timeout;
        private final Supplier<H> handlers;
        private final Consumer<H> connected;
        private final Consumer<String> failed;

        Attempt(Duration timeout, Supplier<H> handlers, Consumer<H> connected, Consumer<String> failed) {
            this.timeout = timeout;
            this.handlers = handlers;
            this.connected = connected;
            this.failed = failed;
        }

        /** On the loop for a socket in the file system; a resolver may block. */
        void resolve() {
            try {
                List<SocketAddress> addresses = endpoint.resolve(sockets);
                inLoop(() -> connect(addresses, 0));
            } catch (UnknownHostException e) {
                inLoop(() -> failed.accept("no such host"));
            }
        }

        private void connect(List<SocketAddress> addresses, int index) {
            H handler = handlers.get();
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(channelClass())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()))
                    .disableResolver()
                    .handler(handler);
            bootstrap.connect(addresses.get(index)).addListener(done -> {
                if (done.isSuccess()) {
                    connected.accept(handler);
                } else if (index + 1 < addresses.size()) {
                    connect(addresses, index + 1);
                } else {
                    failed.accept(why(done.cause()));
                }
            });
        }
    }

    /** In the system's words, without the call and the address; a socket that is not in the file system has no text. */
    private static String why(Throwable cause) {
        String text = cause.getMessage();
        if (cause instanceof ConnectTimeoutException) {
            return "Connection timed out";
        }
        if (text != null) {
            Matcher error = SYSTEM_ERROR.matcher(text);
            return error.matches() ? error.group(1) : text;
        }
        return cause instanceof FileNotFoundException ? "No such file or directory" : cause.toString();
    }

    private void inLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private Class<? extends Channel> channelClass() {
        if (endpoint.isUnix()) {
            return sockets.channel();
        }
        return isEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
