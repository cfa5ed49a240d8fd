// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin socket and its connections.
 * Thread: admin, which it starts and ends; {@link #execute} and {@link #close} any.
 *
 * <p>A connection carries one request line and its answer. Everything is bounded: connections, the length of a request,
 * the time a client may take to send it or to take in a piece of the answer.
 */
public final class AdminServer implements AutoCloseable {
    static final int CONNECTIONS_MAX = 64;

    /** How often silent connections are looked for, and how soon a busy queue is asked again. */
    private static final long SWEEP_MS = 5_000;

    private static final long SOON_MS = 10;
    private static final long NS_PER_MS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final Path socket;
    private final AdminCommands commands;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Thread thread;

    // Written by any thread.
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // Owned by the admin thread.
    private final Queue<Runnable> tasksSoon = new ArrayDeque<>();
    private final PriorityQueue<LaterTask> tasksLater =
            new PriorityQueue<>((one, other) -> Long.signum(one.dueNs() - other.dueNs()));

    // Written by close(), read by the admin thread.
    private volatile boolean closed;

    /** Who may connect: owner and group, or everybody. */
    private enum Door {
        ADMIN("admin", "rw-rw----"),
        USERS("showq", "rw-rw-rw-");

        private final String threadName;
        private final String permissions;

        Door(String threadName, String permissions) {
            this.threadName = threadName;
            this.permissions = permissions;
        }
    }

    private AdminServer(
            Door door, Path socket, AdminCommands commands, ServerSocketChannel listener, Selector selector) {
        this.socket = socket;
        this.commands = commands;
        this.listener = listener;
        this.selector = selector;
        this.thread = new Thread(this::serve, door.threadName);
        thread.setDaemon(true);
    }

    /**
     * Listens on {@code socket}; a file of that name left by a process that died is replaced, so the caller must hold the
     * lock of the queue directory. Owner and group may connect.
     */
    public static AdminServer open(Path socket, AdminCommands commands) throws IOException {
        return open(Door.ADMIN, socket, commands);
    }

    /**
     * The same for everybody. It has connections and a thread of its own, named {@code showq}, so that users who keep theirs
     * busy do not keep an operator out.
     */
    public static AdminServer openToUsers(Path socket, AdminCommands commands) throws IOException {
        return open(Door.USERS, socket, commands);
    }

    private static AdminServer open(Door door, Path socket, AdminCommands commands) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(door.permissions));
            listener.configureBlocking(false);
            Selector selector = Selector.open();
            listener.register(selector, SelectionKey.OP_ACCEPT);
            AdminServer server = new AdminServer(door, socket, commands, listener, selector);
            server.thread.start();
            return server;
        } catch (IOException e) {
            listener.close();
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** In the next turn, behind what the sockets want. Thread: admin. */
    void executeSoon(Runnable task) {
        tasksSoon.add(task);
    }

    /** Thread: admin. */
    void executeLater(long delayMs, Runnable task) {
        tasksLater.add(new LaterTask(System.nanoTime() + delayMs * NS_PER_MS, task));
    }

    private record LaterTask(long dueNs, Runnable task) {}

    /** How long nothing may happen; 0 would mean for ever. */
    private long selectMs(boolean isTaskDue) {
        long waitMs = isTaskDue ? SOON_MS : SWEEP_MS;
        LaterTask next = tasksLater.peek();
        return next == null ? waitMs : Math.max(1, Math.min(waitMs, (next.dueNs() - System.nanoTime()) / NS_PER_MS));
    }

    private void serve() {
        long sweepAtNs = System.nanoTime();
        while (!closed) {
            try {
                List<Runnable> due = List.copyOf(tasksSoon);
                tasksSoon.clear();
                selector.select(selectMs(!due.isEmpty()));
                Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
                while (ready.hasNext()) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    onReady(key);
                }
                runTasks(due);
                long nowNs = System.nanoTime();
                if (nowNs - sweepAtNs > SWEEP_MS * NS_PER_MS) {
                    sweepAtNs = nowNs;
                    sweep(nowNs);
                }
            } catch (IOException | RuntimeException e) {
                // A mistake of ours in one command must not end administration.
                LOG.error("admin socket", e);
            }
        }
        selector.keys().forEach(key -> {
            if (key.attachment() instanceof AdminConnection connection) {
                connection.close();
            }
        });
    }

    private void onReady(SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof AdminConnection connection) {
            connection.onReady();
        } else {
            accept();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel == null) {
            return;
        }
        // The listener's own key is one of them.
        if (selector.keys().size() > CONNECTIONS_MAX) {
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        key.attach(new AdminConnection(this, commands, channel, key, System.nanoTime()));
    }

    private void runTasks(List<Runnable> dueFromBefore) {
        List<Runnable> due = new ArrayList<>(dueFromBefore);
        // Only what is there now: a task that posts another must not keep the loop from the sockets.
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            due.add(task);
        }
        long nowNs = System.nanoTime();
        for (LaterTask next = tasksLater.peek(); next != null && next.dueNs() - nowNs <= 0; next = tasksLater.peek()) {
            due.add(tasksLater.remove().task());
        }
        for (Runnable task : due) {
            task.run();
        }
    }

    private void sweep(long nowNs) {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof AdminConnection connection) {
                connection.closeIfSilent(nowNs);
            }
        }
    }

    /** Ends the thread and removes the socket. */
    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            if (Thread.currentThread() != thread) {
                thread.join(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
        selector.close();
        Files.deleteIfExists(socket);
    }
}
