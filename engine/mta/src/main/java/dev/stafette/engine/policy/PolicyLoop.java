// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.socket.DomainSockets;
import dev.stafette.engine.table.TableAnswer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to one policy server, and the questions that wait for one.
 * Thread: event loop.
 */
final class PolicyLoop {
    /** Of one loop; as many as Postfix has smtpd processes by default. */
    static final int CONNECTIONS_MAX = 100;

    /** What is asked beyond them is not answered, and the mail comes again. */
    static final int WAITING_MAX = 1000;

    private final PolicyEndpoint endpoint;
    private final PolicySettings settings;
    private final EventLoop loop;
    private final Executor resolving;
    private final DomainSockets sockets;
    private final boolean isEpoll;

    // Owned by the loop.
    private final ArrayDeque<PolicyConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<PolicyRequest> waiting = new ArrayDeque<>();
    private int connectionCount;
    private boolean isClosed;

    /** {@code resolving}: runs what may block. */
    PolicyLoop(PolicyEndpoint endpoint, PolicySettings settings, EventLoop loop, Executor resolving) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.loop = loop;
        this.resolving = resolving;
        this.isEpoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        this.sockets = isEpoll ? DomainSockets.EPOLL : DomainSockets.NIO;
    }

    void ask(PolicyRequest request) {
        PolicyConnection kept = takeIdle();
        if (kept != null) {
            kept.ask(request, settings.timeout().toNanos());
        } else if (connectionCount < CONNECTIONS_MAX) {
            connect(request);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(request);
        } else {
            request.end(unavailable("too many requests wait"));
        }
    }

    private TableAnswer unavailable(String why) {
        return TableAnswer.unavailable("problem talking to server " + endpoint.text() + ": " + why);
    }

    /** The newest is the one that the server is least likely to have given up. */
    private @Nullable PolicyConnection takeIdle() {
        for (PolicyConnection newest = idle.pollLast(); newest != null; newest = idle.pollLast()) {
            if (newest.isOpen()
                    && System.nanoTime() - newest.sinceNs() < settings.lifeMax().toNanos()) {
                return newest;
            }
            newest.close();
        }
        return null;
    }

    private void connect(PolicyRequest request) {
        connectionCount++;
        if (endpoint.isUnix()) {
            resolveAndConnect(request);
            return;
        }
        try {
            resolving.execute(() -> resolveAndConnect(request));
        } catch (RejectedExecutionException e) {
            onNoConnection(request, "shutting down");
        }
    }

    /** On the loop for a socket in the file system; a resolver may block. */
    private void resolveAndConnect(PolicyRequest request) {
        try {
            List<SocketAddress> addresses = endpoint.resolve(sockets);
            inLoop(() -> connect(request, addresses, 0));
        } catch (UnknownHostException e) {
            inLoop(() -> onNoConnection(request, "no such host"));
        }
    }

    private void inLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void connect(PolicyRequest request, List<SocketAddress> addresses, int index) {
        PolicyConnection connection = new PolicyConnection(this, System.nanoTime());
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(channelClass())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, settings.timeout().toMillis()))
                .disableResolver()
                .handler(connection);
        bootstrap.connect(addresses.get(index)).addListener(done -> {
            if (done.isSuccess()) {
                connection.ask(request, settings.timeout().toNanos());
            } else if (index + 1 < addresses.size()) {
                connect(request, addresses, index + 1);
            } else {
                onNoConnection(request, String.valueOf(done.cause().getMessage()));
            }
        });
    }

    private Class<? extends Channel> channelClass() {
        if (endpoint.isUnix()) {
            return sockets.channel();
        }
        return isEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    private void onNoConnection(PolicyRequest request, String why) {
        connectionCount--;
        tryAgain(request, why);
        serveWaiting();
    }

    void onAnswer(PolicyConnection connection, PolicyRequest request, String action) {
        boolean isUsedUp = settings.requestLimit() > 0 && connection.requestCount() >= settings.requestLimit();
        if (isClosed || isUsedUp || !connection.isOpen()) {
            connection.close();
        } else {
            connection.rest(settings.idleMax().toNanos());
            idle.addLast(connection);
        }
        request.end(TableAnswer.found(action));
        serveWaiting();
    }

    void onFailure(PolicyConnection connection, PolicyRequest request, String why) {
        if (connection.mayBeStale()) {
            ask(request);
        } else {
            tryAgain(request, why);
        }
    }

    private void tryAgain(PolicyRequest request, String why) {
        int tries = request.countTry();
        if (isClosed || settings.tryLimit() > 0 && tries >= settings.tryLimit()) {
            request.end(unavailable(why));
            return;
        }
        loop.schedule(() -> ask(request), settings.retryDelay().toNanos(), TimeUnit.NANOSECONDS);
    }

    void onClosed(PolicyConnection connection) {
        connectionCount--;
        idle.remove(connection);
        serveWaiting();
    }

    private void serveWaiting() {
        while (!waiting.isEmpty() && (!idle.isEmpty() || connectionCount < CONNECTIONS_MAX)) {
            ask(waiting.remove());
        }
    }

    /** Nothing is kept any more; what is under way comes to its end. */
    void close() {
        isClosed = true;
        idle.forEach(PolicyConnection::close);
        idle.clear();
    }

    int connectionCount() {
        return connectionCount;
    }
}
