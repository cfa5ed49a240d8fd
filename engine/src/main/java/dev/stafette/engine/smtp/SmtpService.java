// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.log.MailLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One smtpd row of master.cf: its listeners, and the number of its sessions.
 * Thread: any for {@link #reload} and {@link #close}; the rest is start-up and the loops'.
 *
 * <p>When it has as many sessions as it may, it accepts no more: clients wait in the kernel, as they do with Postfix.
 */
final class SmtpService {
    private static final int BACKLOG = 4096;

    /** A client's MAIL, RCPT and DATA, or a small message, in one read. */
    private static final int READ_BYTES_MIN = 8 << 10;

    private static final int READ_BYTES_MAX = 64 << 10;

    private final String name;
    private final Map<EventLoop, ServerLoop> loops;
    private final ClientCounts clientCounts;
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    /** Replaced by a reload, read by the loops when a client connects. */
    private volatile Map<EventLoop, ServiceLoop> services = Map.of();

    private volatile int sessionsMax;

    SmtpService(String name, Map<EventLoop, ServerLoop> loops, ClientCounts clientCounts) {
        this.name = name;
        this.loops = loops;
        this.clientCounts = clientCounts;
    }

    String name() {
        return name;
    }

    /** For sessions that begin from now on. */
    void reload(SmtpServerSettings settings, MailLog log) {
        Map<EventLoop, ServiceLoop> changed = new IdentityHashMap<>();
        loops.forEach(
                (eventLoop, loop) -> changed.put(eventLoop, new ServiceLoop(name, settings, log, loop, clientCounts)));
        services = changed;
        sessionsMax = settings.limits().sessionsMax();
        updateAccepting();
    }

    /** Opens the ports; an IOException names the address that could not be had. */
    void listen(EventLoopGroup group, List<InetSocketAddress> addresses) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(LoopChannels.servers(group.next()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_MIN, READ_BYTES_MAX))
                .handler(new Gate())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open(channel);
                    }
                });
        for (InetSocketAddress address : addresses) {
            ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                String why = String.valueOf(bound.cause().getMessage());
                throw new IOException("bind " + address.getHostString() + " port " + address.getPort() + ": " + why);
            }
            listeners.add(bound.channel());
        }
    }

    private void open(Channel channel) {
        channel.closeFuture().addListener(closed -> {
            if (sessionCount.getAndDecrement() == sessionsMax) {
                updateAccepting();
            }
        });
        ServiceLoop service = services.get(channel.eventLoop());
        if (service == null) {
            throw new IllegalStateException("a loop that is not the server's: " + channel.eventLoop());
        }
        channel.pipeline().addLast(new SmtpServerHandler(service));
    }

    /** Counts a session as soon as it is accepted, and closes itself before there is one too many. */
    private final class Gate extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            if (sessionCount.incrementAndGet() >= sessionsMax) {
                updateAccepting(ctx.channel());
            }
            ctx.fireChannelRead(accepted);
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    /** On the listener's loop: what is set last there has looked at the count last. */
    private void updateAccepting() {
        for (Channel listener : listeners) {
            listener.eventLoop().execute(() -> updateAccepting(listener));
        }
    }

    private void updateAccepting(Channel listener) {
        listener.config().setAutoRead(sessionCount.get() < sessionsMax);
    }

    List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    }
}
