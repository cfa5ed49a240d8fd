// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.socket.DomainListener;
import dev.stafette.engine.socket.DomainSockets;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the pickup service, and the socket on which it is woken: a connection is the whole message.
 * Thread: pickup, which it starts and ends; {@link #start}, {@link #execute} and {@link #close} any.
 */
final class PickupThread {
    private static final Logger LOG = LoggerFactory.getLogger(PickupThread.class);

    private final DomainListener listener;
    private final EventLoop loop;
    private final CountDownLatch over = new CountDownLatch(1);

    // Owned by the pickup thread.
    private Runnable onWake = () -> {};
    private Runnable onTime = () -> {};
    private boolean wakeIsDue;
    private @Nullable ScheduledFuture<?> nextWakeup;
    private @Nullable BooleanSupplier mayEnd;

    private PickupThread(Path socket) throws IOException {
        this.listener =
                DomainListener.open(DomainSockets.ofThisMachine(), socket, "rw-rw-rw-", Pickup.PROGRAM, this::accept);
        this.loop = listener.loop();
    }

    /** Listens on {@code socket}, in place of a process that died. Whoever gets that far may connect. */
    static PickupThread open(Path socket) throws IOException {
        return new PickupThread(socket);
    }

    void start(Runnable wake, Runnable wakeByTime, int wakeupSeconds) {
        execute(() -> {
            onWake = wake;
            onTime = wakeByTime;
            setWakeupSeconds(wakeupSeconds);
        });
    }

    /** Thread: pickup. 0: never. */
    void setWakeupSeconds(int seconds) {
        if (nextWakeup != null) {
            nextWakeup.cancel(false);
        }
        nextWakeup =
                seconds == 0 ? null : loop.scheduleAtFixedRate(() -> run(onTime), seconds, seconds, TimeUnit.SECONDS);
    }

    /** Nothing happens any more when the service has ended. */
    void execute(Runnable task) {
        try {
            loop.execute(() -> run(task));
        } catch (RejectedExecutionException ended) {
            LOG.debug("pickup has ended", ended);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // A mistake of ours about one file must not end the service.
            LOG.error("pickup", e);
        }
        if (mayEnd != null && mayEnd.getAsBoolean()) {
            over.countDown();
        }
    }

    /** Those who connect in the same moment are one wake-up. */
    private void accept(Channel caller) {
        caller.close();
        if (!wakeIsDue) {
            wakeIsDue = true;
            // Not ours yet: this may run before the constructor has ended.
            caller.eventLoop().execute(() -> {
                wakeIsDue = false;
                run(onWake);
            });
        }
    }

    /** Ends when {@code isIdle}, or when the time is up. */
    void close(long waitNs, BooleanSupplier isIdle) throws IOException {
        execute(() -> mayEnd = isIdle);
        try {
            over.await(waitNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
