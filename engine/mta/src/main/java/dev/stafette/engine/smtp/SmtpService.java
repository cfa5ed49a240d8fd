// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.log.MailLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
    private final SessionRoom room;
    private final ServiceStress stress;
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    /** Replaced by a reload, read by the loops when a client connects. */
    private volatile Terms terms;

    /** What holds for sessions, and for each loop what they share. */
    private record Terms(
            SmtpServiceSettings settings,
            MailLog log,
            Map<EventLoop, ServiceLoop> calm,
            Map<EventLoop, ServiceLoop> stressed) {}

    /** @param name as master.cf has it */
    SmtpService(
            String name,
            Map<EventLoop, ServerLoop> loops,
            ClientCounts clientCounts,
            SessionRoom room,
            SmtpServiceSettings settings,
            MailLog log) {
        this.name = name;
        this.loops = loops;
        this.clientCounts = clientCounts;
        this.room = room;
        this.terms = terms(settings, log);
        this.stress = new ServiceStress(this, loops);
        room.add(this);
    }

    private Terms terms(SmtpServiceSettings settings, MailLog log) {
        return new Terms(settings, log, serviceLoops(settings.calm(), log), serviceLoops(settings.stressed(), log));
    }

    private Map<EventLoop, ServiceLoop> serviceLoops(SmtpServerSettings settings, MailLog log) {
        Map<EventLoop, ServiceLoop> services = new IdentityHashMap<>();
        loops.forEach(
                (eventLoop, loop) -> services.put(eventLoop, new ServiceLoop(name, settings, log, loop, clientCounts)));
        return services;
    }

    String name() {
        return name;
    }

    SmtpServiceSettings settings() {
        return terms.settings();
    }

    MailLog log() {
        return terms.log();
    }

    /** For sessions that begin from now on. */
    void reload(SmtpServiceSettings settings, MailLog log) {
        SessionCap before = settings().cap();
        terms = terms(settings, log);
        if (!settings.cap().equals(before)) {
            tellCap();
        }
        updateAccepting();
    }

    /** Opens the ports; an IOException names the address that could not be had. */
    void listen(EventLoopGroup group, List<InetSocketAddress> addresses) throws IOException {
        stress.setAddress(addresses.get(0));
        tellCap();
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
                .handler(new AcceptGate(this))
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

    /** What the limit comes to on this machine. */
    private void tellCap() {
        SessionCap cap = settings().cap();
        log().processLimit(name, cap.sessionsMax(), cap.origin());
        if (cap.sessionsMax() > room.sessionsMax()) {
            log().processLimitTooHigh(name, cap.sessionsMax(), room.sessionsMax());
        }
    }

    private void open(Channel channel) {
        Terms now = terms;
        ServiceLoop service = (stress.isOn() ? now.stressed() : now.calm()).get(channel.eventLoop());
        if (service == null) {
            throw new IllegalStateException("a loop that is not the server's: " + channel.eventLoop());
        }
        channel.pipeline().addLast(new SmtpServerHandler(service));
    }

    /** A connection was accepted. It counts at once, and the service accepts no more before there is one too many. */
    void onAccepted(Channel listener, Channel accepted) {
        int count = sessionCount.incrementAndGet();
        room.enter();
        accepted.closeFuture().addListener(closed -> onClosed());
        if (isStress(count)) {
            stress.onStress();
        }
        if (isFull(count)) {
            updateAccepting(listener);
        }
    }

    private void onClosed() {
        int count = sessionCount.getAndDecrement();
        if (isStress(count)) {
            stress.onStress();
        }
        if (count == settings().cap().sessionsMax()) {
            updateAccepting();
        }
        room.leave();
    }

    private boolean isStress(int count) {
        return count >= settings().cap().stressFrom() || room.isFull();
    }

    boolean isStress() {
        return isStress(sessionCount.get());
    }

    private boolean isFull(int count) {
        return count >= settings().cap().sessionsMax() || room.isFull();
    }

    boolean isFull() {
        return isFull(sessionCount.get());
    }

    /** With so many it takes no more. */
    int sessionsMax() {
        return Math.min(settings().cap().sessionsMax(), room.sessionsMax());
    }

    /** On the listener's loop: what is set last there has looked at the count last. */
    void updateAccepting() {
        for (Channel listener : listeners) {
            listener.eventLoop().execute(() -> updateAccepting(listener));
        }
    }

    void updateAccepting(Channel listener) {
        listener.config().setAutoRead(!isFull());
    }

    List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    void close() {
        stress.close();
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    }
}
