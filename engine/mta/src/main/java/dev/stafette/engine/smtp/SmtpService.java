// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.log.MailLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One smtpd row of master.cf: its listeners, and the number of its sessions.
 * Thread: any for {@link #reload} and {@link #close}; the rest is start-up and the loops'.
 *
 * <p>At its limit of sessions it stops accepting: clients wait in the kernel, as they do with Postfix.
 */
final class SmtpService {
    private static final int BACKLOG = 4096;

    private final String name;
    private final Map<EventLoop, ServerLoop> loops;
    /** As Postfix's anvil, which counts by service and client. */
    private final ClientCounts clientCounts = new ClientCounts();

    private final ServiceSessions sessions;
    private final SessionRoom room;
    private final ServiceStress stress;
    private final AcceptGate gate;
    private final PassGate passGate;

    /** Replaced by a reload, read by the loops when a client connects. */
    private volatile ServiceTerms terms;

    /** Written once, by whoever closes; read by the loop. */
    private volatile boolean closed;

    /** @param name as master.cf has it */
    SmtpService(
            String name,
            Map<EventLoop, ServerLoop> loops,
            SessionRoom room,
            SmtpServiceSettings settings,
            MailLog log) {
        this.name = name;
        this.loops = loops;
        this.room = room;
        this.terms = terms(settings, log);
        this.sessions = new ServiceSessions(room, settings.cap());
        this.stress = new ServiceStress(name, sessions, () -> terms, loops);
        this.gate = new AcceptGate(sessions, room, stress, () -> terms);
        this.passGate = new PassGate(sessions, stress, this::open);
        room.add(gate.listeners()::update);
    }

    private ServiceTerms terms(SmtpServiceSettings settings, MailLog log) {
        return new ServiceTerms(
                settings, log, serviceLoops(settings.calm(), log), serviceLoops(settings.stressed(), log));
    }

    private Map<EventLoop, ServiceLoop> serviceLoops(SmtpServerSettings settings, MailLog log) {
        Map<EventLoop, ServiceLoop> services = new IdentityHashMap<>();
        loops.forEach((eventLoop, loop) ->
                services.put(eventLoop, new ServiceLoop(name, settings, log, loop.parts(), clientCounts)));
        return services;
    }

    /** For sessions that begin from now on. */
    void reload(SmtpServiceSettings settings, MailLog log) {
        SessionCap before = sessions.cap();
        terms = terms(settings, log);
        sessions.setCap(settings.cap());
        if (!settings.cap().equals(before)) {
            tellCap();
        }
        gate.listeners().update();
        passGate.admit();
    }

    /** Takes no connections but those that a screen has accepted. */
    PassGate openToPassed() {
        stress.setPassed();
        tellCap();
        scheduleStatistics();
        return passGate;
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
                .handler(gate)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open(channel);
                    }
                });
        scheduleStatistics();
        for (InetSocketAddress address : addresses) {
            ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                String why = String.valueOf(bound.cause().getMessage());
                throw new IOException("bind " + address.getHostString() + " port " + address.getPort() + ": " + why);
            }
            gate.listeners().add(bound.channel());
        }
    }

    /** On the first loop; a reload changes the interval from the next time on. */
    private void scheduleStatistics() {
        EventLoop loop = loops.keySet().iterator().next();
        loop.schedule(
                () -> {
                    logStatistics();
                    if (!closed) {
                        scheduleStatistics();
                    }
                },
                rates().statusInterval().toSeconds(),
                TimeUnit.SECONDS);
    }

    private SessionLimits.Rates rates() {
        return terms.settings().calm().limits().rates();
    }

    private void logStatistics() {
        clientCounts.peaks().log(terms.log(), name, rates().unit().toSeconds(), ZoneId.systemDefault());
    }

    /** Logs the limit on this machine. */
    private void tellCap() {
        SessionCap cap = sessions.cap();
        MailLog log = terms.log();
        log.processLimit(name, cap.sessionsMax(), cap.origin());
        if (cap.sessionsMax() > room.sessionsMax()) {
            log.processLimitTooHigh(name, cap.sessionsMax(), room.sessionsMax());
        }
    }

    private void open(Channel channel) {
        channel.pipeline().addLast(handler(channel));
    }

    private SmtpServerHandler handler(Channel channel) {
        ServiceTerms now = terms;
        EventLoop eventLoop = channel.eventLoop();
        ServiceLoop service = (stress.isOn() ? now.stressed() : now.calm()).get(eventLoop);
        ServerLoop loop = loops.get(eventLoop);
        if (service == null || loop == null) {
            throw new IllegalStateException("a loop that is not the server's: " + eventLoop);
        }
        channel.config().setRecvByteBufAllocator(loop.parts().reads());
        return new SmtpServerHandler(service, loop);
    }

    /** {@code said}: what the client has said already. */
    private void open(PassGate.Passed passed, ByteBuf said) {
        Channel channel = passed.channel();
        SmtpServerHandler handler = handler(channel);
        channel.pipeline().addLast(handler);
        handler.begin(channel, passed.client());
        if (said.isReadable()) {
            channel.pipeline().fireChannelRead(said).fireChannelReadComplete();
        } else {
            said.release();
        }
    }

    List<InetSocketAddress> addresses() {
        return gate.listeners().channels().stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    void close() {
        closed = true;
        logStatistics();
        stress.close();
        gate.listeners().channels().forEach(listener -> listener.close().awaitUninterruptibly());
    }
}
