// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the pickup service, and the socket on which it is woken: a connection is the whole message.
 * Thread: pickup, which it starts and ends; {@link #execute} any.
 */
final class PickupThread {
    private static final Logger LOG = LoggerFactory.getLogger(PickupThread.class);

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Selector selector;

    // Written by any thread.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // Owned by the pickup thread.
    private long wakeupNs;
    private long nextWakeupNs;
    private long endNs;
    private boolean ending;

    // Written by start(), which is before the thread begins.
    private Runnable onWake = () -> {};
    private Runnable onTime = () -> {};
    private BooleanSupplier mayEnd = () -> true;
    private final Thread thread = new Thread(this::run, Pickup.PROGRAM);

    private PickupThread(Path socket, ServerSocketChannel listener, Selector selector) {
        this.socket = socket;
        this.listener = listener;
        this.selector = selector;
    }

    /** Listens on {@code socket}, in place of a process that died. Whoever gets that far may connect. */
    static PickupThread open(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            listener.configureBlocking(false);
            Selector selector = Selector.open();
            listener.register(selector, SelectionKey.OP_ACCEPT);
            return new PickupThread(socket, listener, selector);
        } catch (IOException e) {
            listener.close();
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    void start(Runnable wake, Runnable wakeByTime, int wakeupSeconds) {
        onWake = wake;
        onTime = wakeByTime;
        setWakeupSeconds(wakeupSeconds);
        thread.setDaemon(true);
        thread.start();
    }

    /** 0: never. */
    void setWakeupSeconds(int seconds) {
        wakeupNs = TimeUnit.SECONDS.toNanos(seconds);
        nextWakeupNs = System.nanoTime() + wakeupNs;
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        while (!isOver()) {
            try {
                selector.select(waitMs());
                selector.selectedKeys().clear();
                turn();
            } catch (IOException | RuntimeException e) {
                // A mistake of ours about one file must not end the service.
                LOG.error("pickup", e);
            }
        }
    }

    private boolean isOver() {
        return ending && tasks.isEmpty() && (mayEnd.getAsBoolean() || System.nanoTime() - endNs >= 0);
    }

    private long waitMs() {
        long untilNs = ending ? endNs : wakeupNs == 0 ? Long.MAX_VALUE : nextWakeupNs;
        return untilNs == Long.MAX_VALUE
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime()) + 1);
    }

    private void turn() throws IOException {
        if (accept()) {
            onWake.run();
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        if (wakeupNs > 0 && System.nanoTime() - nextWakeupNs >= 0) {
            nextWakeupNs = System.nanoTime() + wakeupNs;
            onTime.run();
        }
    }

    private boolean accept() throws IOException {
        boolean any = false;
        for (SocketChannel caller = listener.accept(); caller != null; caller = listener.accept()) {
            any = true;
            caller.close();
        }
        return any;
    }

    /** Ends when {@code isIdle}, or when the time is up. */
    void close(long waitNs, BooleanSupplier isIdle) throws IOException {
        execute(() -> {
            mayEnd = isIdle;
            endNs = System.nanoTime() + waitNs;
            ending = true;
        });
        try {
            thread.join(TimeUnit.NANOSECONDS.toMillis(waitNs) + 1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
        selector.close();
        Files.deleteIfExists(socket);
    }
}
