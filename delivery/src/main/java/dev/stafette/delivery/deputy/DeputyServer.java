// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;

/**
 * Takes connections of the mail process and gives each a session. Others are turned away: the socket is the mail system's alone,
 * and each client's user id is looked at besides.
 * Thread: {@link #run} has one, each session another.
 */
final class DeputyServer implements AutoCloseable {
    /** As many as the mail process delivers at once, and some for a second one that takes over. */
    static final int SESSIONS_MAX = 220;

    private static final long THREAD_IDLE_SECONDS = 10;
    private static final long STOP_SECONDS_MAX = 30;
    private static final long PAUSE_NS = 100_000_000;

    private final Path socket;
    private final UserPrincipal owner;
    private final DeputyParts parts;
    private final ServerSocketChannel listener;
    private final Set<DeputySession> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, SESSIONS_MAX, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>());

    DeputyServer(Path socket, UserPrincipal owner, DeputyParts parts, ServerSocketChannel listener) {
        this.socket = socket;
        this.owner = owner;
        this.parts = parts;
        this.listener = listener;
    }

    /** @param socket in a directory that nobody but root may change */
    static DeputyServer open(Path socket, UserPrincipal owner, DeputyParts parts) throws IOException {
        if (Files.exists(socket) && answers(socket)) {
            throw new IOException(socket + ": another one answers there");
        }
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        Files.setOwner(socket, owner);
        return new DeputyServer(socket, owner, parts, listener);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel unused = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return unused.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns when it is closed. What keeps one client out, as a lack of descriptors, is over some day. */
    void run() {
        while (listener.isOpen()) {
            try {
                take(listener.accept());
            } catch (ClosedChannelException e) {
                // By close().
                return;
            } catch (IOException e) {
                warn("client not taken: " + e.getMessage());
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private void take(SocketChannel client) throws IOException {
        UserPrincipal user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (!user.equals(owner)) {
            warn("client of user " + user.getName() + " (expected: " + owner.getName() + ")");
            client.close();
            return;
        }
        DeputySession session = new DeputySession(client, parts);
        open.add(session);
        try {
            threads.execute(() -> serve(session));
        } catch (RejectedExecutionException e) {
            turnAway(client);
            end(session);
        }
    }

    private static void turnAway(SocketChannel client) {
        DeputyChannel channel = new DeputyChannel(client);
        try {
            channel.writeLines("421 4.3.2 all " + SESSIONS_MAX + " sessions are in use");
            channel.flush();
        } catch (IOException e) {
            warn("client turned away: " + e.getMessage());
        }
    }

    private void serve(DeputySession session) {
        try {
            session.run();
        } catch (EOFException | ClosedChannelException e) {
            // The client has gone, as they do.
        } catch (IOException e) {
            warn(String.valueOf(e.getMessage()));
        } finally {
            end(session);
        }
    }

    private void end(DeputySession session) {
        open.remove(session);
        try {
            session.close();
        } catch (IOException e) {
            warn(String.valueOf(e.getMessage()));
        }
    }

    static void warn(String text) {
        System.err.println("stafette-deputy: warning: " + text);
    }

    /** Lets what is under way end, for a bounded time. */
    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        ExecutorService ending = threads;
        ending.shutdown();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
        try {
            do {
                // Once more: one that was busy, or had not begun, may wait for its client now.
                endIdle();
            } while (!ending.awaitTermination(PAUSE_NS, TimeUnit.NANOSECONDS) && System.nanoTime() - endNs < 0);
            if (!ending.isTerminated()) {
                ending.shutdownNow();
            }
        } catch (InterruptedException e) {
            ending.shutdownNow();
            Thread.currentThread().interrupt();
        }
        open.forEach(this::end);
    }

    private void endIdle() throws IOException {
        for (DeputySession session : open) {
            session.endIfIdle();
        }
    }
}
