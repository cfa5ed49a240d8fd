// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.route.MailRouter;
import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.tls.ClientTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Delivers by SMTP or LMTP over the loops it is given; native ones are recognised. The loops outlive the transport: close it
 * before them.
 * Thread: any.
 *
 * <p>A next hop always goes to the same loop, and so does a site whose connections are limited, so that their idle sessions
 * are found without a lock.
 */
public final class SmtpTransport implements Transport {
    /** A machine with too much to do may not let a loop run for seconds. */
    private static final int CLOSE_SECONDS_MAX = 30;

    private final ClientLoop[] loops;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param dns of the loops; it outlives the transport, too
     * @param workers for look-ups that block, which only {@code nativeLookups} and {@code dnsLookups = false} do
     */
    public SmtpTransport(
            SmtpClientSettings settings,
            RouteSettings routes,
            DnsClients dns,
            EventLoopGroup loops,
            Executor workers,
            ClientLog log) {
        this(settings, ClientTls.NONE, routes, dns, loops, workers, log);
    }

    /** As the other, with TLS. */
    public SmtpTransport(
            SmtpClientSettings settings,
            ClientTls tls,
            RouteSettings routes,
            DnsClients dns,
            EventLoopGroup loops,
            Executor workers,
            ClientLog log) {
        this(settings, tls, routes, dns, loops, workers, log, System::nanoTime);
    }

    /** @param nanoClock replaced only by tests */
    SmtpTransport(
            SmtpClientSettings settings,
            ClientTls tls,
            RouteSettings routes,
            DnsClients dns,
            EventLoopGroup loops,
            Executor workers,
            ClientLog log,
            LongSupplier nanoClock) {
        List<ClientLoop> all = new ArrayList<>();
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            MailRouter router = new MailRouter(
                    routes, routes.dnssec() ? dns.authenticatedOf(loop) : dns.of(loop), loop, workers, new Random());
            all.add(new ClientLoop(
                    settings, loop, ByteBufAllocator.DEFAULT, router, log, tls, dns.authenticatedOf(loop), nanoClock));
        }
        this.loops = all.toArray(new ClientLoop[0]);
    }

    @Override
    public void deliver(DeliveryRequest request) {
        String site = request.site();
        int hash = (site == null || site.isEmpty() ? request.nextHop() : site).hashCode();
        loops[Math.floorMod(hash ^ hash >>> 16, loops.length)].offer(request);
    }

    @Override
    public void retire(Runnable onIdle) {
        AtomicInteger busyCount = new AtomicInteger(loops.length);
        for (ClientLoop loop : loops) {
            loop.retire(() -> {
                if (busyCount.decrementAndGet() == 0) {
                    onIdle.run();
                }
            });
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        CountDownLatch done = new CountDownLatch(loops.length);
        for (ClientLoop loop : loops) {
            loop.close(done);
        }
        try {
            if (!done.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("outbound loops did not answer within " + CLOSE_SECONDS_MAX + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
