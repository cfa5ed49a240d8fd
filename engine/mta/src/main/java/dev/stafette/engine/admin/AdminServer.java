// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.socket.DomainListener;
import dev.stafette.engine.socket.DomainSockets;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The admin socket and its connections.
 * Thread: admin, which it starts and ends; {@link #close} any.
 *
 * <p>A connection carries one request line and its answer. Everything is bounded: connections, the length of a request,
 * the time a client may take to send it or to take in a piece of the answer.
 */
public final class AdminServer implements AutoCloseable {
    private final DomainListener listener;
    private final AdminCommands commands;
    private final AdminLimits limits;

    // Owned by the admin thread.
    private int connectionCount;

    /** Who may connect: owner and group, or everybody. */
    private enum Door {
        ADMIN("admin", "rw-rw----", DomainSockets.ofThisMachine()),
        /** By Java's sockets wherever we are: they alone say by name who asks. */
        USERS("showq", "rw-rw-rw-", DomainSockets.NIO);

        private final String threadName;
        private final String permissions;
        private final DomainSockets kind;

        Door(String threadName, String permissions, DomainSockets kind) {
            this.threadName = threadName;
            this.permissions = permissions;
            this.kind = kind;
        }
    }

    /** What a client may cost. Thread: any (a value). */
    record AdminLimits(int connectionsMax, int requestBytesMax, Duration requestTimeout, Duration answerTimeout) {
        /** Somebody may read a listing through a pager. */
        static final AdminLimits OURS = new AdminLimits(64, 64 * 1024, Duration.ofSeconds(30), Duration.ofMinutes(15));
    }

    private AdminServer(Door door, Path socket, AdminCommands commands, AdminLimits limits) throws IOException {
        this.commands = commands;
        this.limits = limits;
        this.listener = DomainListener.open(door.kind, socket, door.permissions, door.threadName, this::accept);
    }

    /**
     * Listens on {@code socket}; a file of that name left by a process that died is replaced, so the caller must hold the
     * lock of the queue directory. Owner and group may connect.
     */
    public static AdminServer open(Path socket, AdminCommands commands) throws IOException {
        return open(socket, commands, AdminLimits.OURS);
    }

    static AdminServer open(Path socket, AdminCommands commands, AdminLimits limits) throws IOException {
        return new AdminServer(Door.ADMIN, socket, commands, limits);
    }

    /**
     * The same for everybody. It has connections and a thread of its own, named {@code showq}, so that users who keep theirs
     * busy do not keep an operator out.
     */
    public static AdminServer openToUsers(Path socket, AdminCommands commands) throws IOException {
        return new AdminServer(Door.USERS, socket, commands, AdminLimits.OURS);
    }

    private void accept(Channel channel) {
        if (connectionCount == limits.connectionsMax()) {
            channel.close();
            return;
        }
        connectionCount++;
        channel.closeFuture().addListener(closed -> connectionCount--);
        channel.pipeline().addLast(new AdminConnection(commands, limits));
    }

    /** Ends the thread and removes the socket. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
