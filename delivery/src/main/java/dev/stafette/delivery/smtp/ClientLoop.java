// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.loop.ReusedBuffer;
import dev.stafette.delivery.loop.ReusedReads;
import dev.stafette.delivery.route.MailRouter;
import dev.stafette.delivery.tls.ClientTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The part of the transport that one event loop owns: its attempts, sessions, idle sessions and router.
 * Thread: event loop, but for {@link #offer}, {@link #retire} and {@link #close}: any.
 *
 * <p>However many requests a caller offers, the loop is woken by one task for all of them. One task a tick looks for
 * deadlines that have passed, and there is none while there are no sessions.
 */
final class ClientLoop {
    /** Replies are short. */
    private static final int READ_BYTES = 4 << 10;

    /** MAIL, some RCPT and DATA. */
    private static final int COMMAND_BYTES = 512;

    private static final int CONTENT_BYTES = 8 << 10;
    private static final long TICK_NS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final long TICK_NS_MIN = TimeUnit.MILLISECONDS.toNanos(10);

    private final SmtpClientSettings settings;
    private final EventLoop eventLoop;
    private final Connector connector;
    private final ReusedReads reads;
    private final ReusedBuffer commands;
    private final ReusedBuffer contents;
    private final MailRouter router;
    private final ClientLog log;
    private final ClientTls tls;
    private final Dns secureDns;
    private final LongSupplier nanoClock;
    private final IdleSessions idle = new IdleSessions();
    private final long[] timeoutsNs = new long[SessionStage.values().length];
    private final long tickNs;
    private final Runnable drain = this::drain;
    private final Runnable tick = this::tick;

    private final ManyToOneConcurrentLinkedQueue<DeliveryRequest> inbox = new ManyToOneConcurrentLinkedQueue<>();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    // Owned by the loop.
    private final List<SmtpSession> sessions = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final AttemptLines lines = new AttemptLines(this::start);
    private final StrictPeers strictPeers = new StrictPeers();
    private boolean ticking;
    private boolean closing;
    private boolean retired;
    /** Run when a retired loop is idle. */
    private @Nullable Runnable onIdle;

    ClientLoop(
            SmtpClientSettings settings,
            EventLoop eventLoop,
            ByteBufAllocator allocator,
            MailRouter router,
            ClientLog log,
            ClientTls tls,
            Dns secureDns,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.eventLoop = eventLoop;
        this.reads = new ReusedReads(allocator, READ_BYTES);
        this.commands = new ReusedBuffer(allocator, COMMAND_BYTES);
        this.contents = new ReusedBuffer(allocator, CONTENT_BYTES);
        this.connector = new Connector(settings, eventLoop, reads);
        this.router = router;
        this.log = log;
        this.tls = tls;
        this.secureDns = secureDns;
        this.nanoClock = nanoClock;
        long shortest = TICK_NS_MAX * 4;
        for (SessionStage stage : SessionStage.values()) {
            timeoutsNs[stage.ordinal()] = stage.timeout(settings, tls).toNanos();
            if (timeoutsNs[stage.ordinal()] > 0) {
                shortest = Math.min(shortest, timeoutsNs[stage.ordinal()]);
            }
        }
        this.tickNs = Math.max(TICK_NS_MIN, shortest / 4);
    }

    SmtpClientSettings settings() {
        return settings;
    }

    MailRouter router() {
        return router;
    }

    ClientLog log() {
        return log;
    }

    /** Asks for answers that DNSSEC vouches for. */
    Dns secureDns() {
        return secureDns;
    }

    ClientTls tls() {
        return tls;
    }

    /** What commands are written into, on their way to a socket. */
    ReusedBuffer commands() {
        return commands;
    }

    /** The same for small content. */
    ReusedBuffer contents() {
        return contents;
    }

    Executor executor() {
        return eventLoop;
    }

    IdleSessions idle() {
        return idle;
    }

    AttemptLines lines() {
        return lines;
    }

    StrictPeers strictPeers() {
        return strictPeers;
    }

    long timeoutNs(SessionStage stage) {
        return timeoutsNs[stage.ordinal()];
    }

    long nowNs() {
        return nanoClock.getAsLong();
    }

    // Requests. ------------------------------------------------------------------------------------------------------

    /** Thread: any. */
    void offer(DeliveryRequest request) {
        inbox.offer(request);
        // A volatile read first: while a drain is due the flag need not be written.
        if (!drainScheduled.get() && drainScheduled.compareAndSet(false, true)) {
            eventLoop.execute(drain);
        }
    }

    private void drain() {
        drainScheduled.set(false);
        DeliveryRequest request;
        while ((request = inbox.poll()) != null) {
            Attempt attempt = new Attempt(this, request, nowNs());
            attempt.slot = attempts.size();
            attempts.add(attempt);
            if (closing) {
                attempt.abandon(OutcomePolicy.shuttingDown());
            } else {
                lines.offer(attempt);
            }
        }
    }

    /** The requests behind it must not suffer from a bug of ours. */
    private void start(Attempt attempt) {
        try {
            attempt.start();
        } catch (RuntimeException mistake) {
            attempt.abandon(OutcomePolicy.internalError(mistake));
        }
    }

    void forget(Attempt attempt) {
        Attempt last = attempts.remove(attempts.size() - 1);
        if (last != attempt) {
            last.slot = attempt.slot;
            attempts.set(last.slot, last);
        }
        tellIfIdle();
    }

    // Sessions. ------------------------------------------------------------------------------------------------------

    void connect(Attempt attempt, Peer peer) {
        connect(attempt, peer, connector.localAddress(peer));
    }

    private void connect(Attempt attempt, Peer peer, @Nullable InetAddress local) {
        SessionHandler handler = new SessionHandler(this, peer, attempt);
        connector.connect(peer, local, handler).addListener(future -> {
            if (!future.isSuccess()) {
                SmtpSession session = handler.session();
                if (session == null || session.close()) {
                    onConnectFailed(attempt, peer, local, future.cause());
                }
            }
        });
    }

    private void onConnectFailed(Attempt attempt, Peer peer, @Nullable InetAddress local, Throwable cause) {
        if (local == null || !OutcomePolicy.isBindFailure(cause)) {
            attempt.onConnectFailed(OutcomePolicy.connectFailed(peer, cause));
            return;
        }
        log.onWarning("bind " + NetUtil.toAddressString(local) + ": " + OutcomePolicy.systemError(cause));
        if (settings.habits().bindsOrFails()) {
            attempt.onConnectFailed(OutcomePolicy.cannotBind());
        } else {
            connect(attempt, peer, null);
        }
    }

    void remember(SmtpSession session) {
        session.slot = sessions.size();
        sessions.add(session);
        if (!ticking) {
            ticking = true;
            scheduleTick();
        }
    }

    void forget(SmtpSession session) {
        idle.remove(session);
        SmtpSession last = sessions.remove(sessions.size() - 1);
        if (last != session) {
            last.slot = session.slot;
            sessions.set(last.slot, last);
        }
        if (sessions.isEmpty()) {
            reads.close();
            commands.close();
            contents.close();
        }
        tellIfIdle();
    }

    private void scheduleTick() {
        eventLoop.schedule(tick, tickNs, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long nowNs = nowNs();
        // From the end: a session that goes is replaced by one that has been looked at.
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (i < sessions.size()) {
                sessions.get(i).checkDeadline(nowNs);
            }
        }
        idle.purge();
        ticking = !sessions.isEmpty();
        if (ticking) {
            scheduleTick();
        }
    }

    // End. -----------------------------------------------------------------------------------------------------------

    /** Thread: any. Sessions are not used again; {@code then} is run when none is left. */
    void retire(Runnable then) {
        eventLoop.execute(() -> {
            retired = true;
            onIdle = then;
            for (SmtpSession session : List.copyOf(sessions)) {
                session.quitIfIdle();
            }
            tellIfIdle();
        });
    }

    boolean isRetired() {
        return retired;
    }

    private void tellIfIdle() {
        Runnable told = onIdle;
        if (told != null && sessions.isEmpty() && attempts.isEmpty() && inbox.isEmpty()) {
            onIdle = null;
            told.run();
        }
    }

    /** Thread: any. The latch is counted down when nothing is left. */
    void close(CountDownLatch done) {
        eventLoop.execute(() -> {
            closing = true;
            drain();
            for (SmtpSession session : List.copyOf(sessions)) {
                session.close();
            }
            for (Attempt attempt : List.copyOf(attempts)) {
                attempt.abandon(OutcomePolicy.shuttingDown());
            }
            done.countDown();
        });
    }
}
