// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.smtp.LoopChannels;
import dev.stafette.engine.smtp.PassGate;
import dev.stafette.engine.table.Inquirer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One postscreen row of master.cf: its listeners, and what its screenings share.
 * Thread: any for {@link #reload} and {@link #close}; the rest is start-up and the loops'.
 */
final class ScreenService {
    private static final int BACKLOG = 4096;

    /** As Postfix looks at what comes too early. Most clients say nothing, and have no buffer. */
    private static final int READ_BYTES = 1024;

    private final ScreenParts parts;
    private final @Nullable PassGate passGate;
    private final @Nullable ScreenCache cache;
    private final ScreenedClients clients = new ScreenedClients();
    private final ScreenLoad load = new ScreenLoad();
    private final Map<EventLoop, Inquirer> inquirers = new IdentityHashMap<>();
    private final ScreenGate gate;

    /** Replaced by a reload, read by the loops when a client connects. */
    private volatile Map<EventLoop, ScreenLoop> loops;

    /** Written once, by whoever closes; read by the loop. */
    private volatile boolean closed;

    /** @param passGate null: the service that clients pass to is not there */
    ScreenService(ScreenParts parts, ScreenSettings settings, MailLog log, @Nullable PassGate passGate) {
        this.parts = parts;
        this.passGate = passGate;
        ScreenSettings.CacheRules rules = settings.cache();
        this.cache = rules.name().isEmpty()
                ? null
                : ScreenCache.open(rules.file(), parts.workers(), text -> log.warning("postscreen", text));
        for (EventExecutor executor : parts.loops()) {
            inquirers.put((EventLoop) executor, new Inquirer(executor, System::nanoTime));
        }
        this.loops = loops(settings, log);
        this.gate = new ScreenGate(parts.room(), text -> log.warning("postscreen", text));
    }

    private Map<EventLoop, ScreenLoop> loops(ScreenSettings settings, MailLog log) {
        ScreenLog screenLog = new ScreenLog(log, settings.protocol());
        Map<EventLoop, ScreenLoop> all = new IdentityHashMap<>();
        inquirers.forEach((eventLoop, inquirer) -> all.put(
                eventLoop,
                new ScreenLoop(
                        settings,
                        screenLog,
                        clients,
                        load,
                        cache,
                        passGate,
                        parts.dns().apply(eventLoop),
                        inquirer,
                        System::nanoTime,
                        System::currentTimeMillis)));
        return all;
    }

    /** For connections that begin from now on. */
    void reload(ScreenSettings settings, MailLog log) {
        loops = loops(settings, log);
    }

    /** Opens the ports; an IOException names the address that could not be had. */
    void listen(List<InetSocketAddress> addresses) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(parts.loops())
                .channel(LoopChannels.servers(parts.loops().next()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(gate)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ScreenHandler(loop(channel.eventLoop())));
                    }
                });
        for (InetSocketAddress address : addresses) {
            ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                String why = String.valueOf(bound.cause().getMessage());
                throw new IOException("bind " + address.getHostString() + " port " + address.getPort() + ": " + why);
            }
            gate.listeners().add(bound.channel());
        }
        scheduleCleanup(Duration.ZERO);
    }

    private ScreenLoop loop(EventLoop eventLoop) {
        return Objects.requireNonNull(loops.get(eventLoop));
    }

    /** On the first loop, as Postfix does: at the start, and in intervals. */
    private void scheduleCleanup(Duration wait) {
        EventLoop first = inquirers.keySet().iterator().next();
        if (cache != null && !loop(first).settings().cache().cleanup().isZero()) {
            first.schedule(() -> clean(first), wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void clean(EventLoop eventLoop) {
        ScreenCache known = cache;
        if (closed || known == null) {
            return;
        }
        ScreenLoop loop = loop(eventLoop);
        ScreenSettings.CacheRules rules = loop.settings().cache();
        int wanted = loop.settings().tests().wanted();
        long longAgo = loop.epochSeconds() - rules.retention().toSeconds();
        ScreenCache.Cleanup done = known.clean(times -> times.due(wanted, longAgo) != 0);
        loop.log().cleaned(rules.name(), done.retained(), done.dropped());
        scheduleCleanup(rules.cleanup());
    }

    List<InetSocketAddress> addresses() {
        return gate.listeners().channels().stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    /** Accepts no more. Who is screened loses the connection with the process, as with Postfix. */
    void close() {
        closed = true;
        gate.listeners().channels().forEach(listener -> listener.close().awaitUninterruptibly());
        if (cache != null) {
            cache.close();
        }
    }
}
