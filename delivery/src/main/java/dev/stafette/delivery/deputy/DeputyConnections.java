// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.deputy.DeputyChannel.Reply;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the delivery service, of which some wait for their next work.
 * Thread: any; each is one caller's at a time.
 */
final class DeputyConnections {
    /** Each has a thread of the service waiting for it. */
    private static final int IDLE_MAX = 32;

    private final Path socket;

    // Guarded by this.
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();

    /** Throws when the connection is of no use any more; what the service refuses is a reply. */
    interface Exchange<T> {
        T with(DeputyChannel channel) throws IOException;
    }

    /** One that has been greeted. */
    private record Connection(SocketChannel socket, DeputyChannel channel) {}

    DeputyConnections(Path socket) {
        this.socket = socket;
    }

    /**
     * Over a connection that has been used before, or else over a new one. A service that has been started again meanwhile has
     * closed those, and has heard nothing of it: then it is said to the new one. What may have been heard is not said again,
     * since it may have been done.
     */
    <T> T exchange(Exchange<T> exchange) throws IOException {
        return exchange(exchange, false);
    }

    /** The same of a question, which may be heard twice. */
    <T> T ask(Exchange<T> exchange) throws IOException {
        return exchange(exchange, true);
    }

    private <T> T exchange(Exchange<T> exchange, boolean mayBeHeardTwice) throws IOException {
        Connection used = takeIdle();
        if (used != null) {
            try {
                return exchange(used, exchange);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                closeIdle();
                if (used.channel().hasSaid() && !mayBeHeardTwice) {
                    throw e;
                }
            }
        }
        SocketChannel opened = connect();
        DeputyChannel channel = new DeputyChannel(opened);
        try {
            greet(channel);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return exchange(new Connection(opened, channel), exchange);
    }

    private <T> T exchange(Connection connection, Exchange<T> exchange) throws IOException {
        boolean isKept = false;
        connection.channel().begin();
        try {
            T result = exchange.with(connection.channel());
            isKept = keep(connection);
            return result;
        } finally {
            if (!isKept) {
                connection.socket().close();
            }
        }
    }

    private synchronized @Nullable Connection takeIdle() {
        return idle.pollLast();
    }

    private synchronized boolean keep(Connection connection) {
        return idle.size() < IDLE_MAX && idle.offerLast(connection);
    }

    private void closeIdle() throws IOException {
        for (Connection one = takeIdle(); one != null; one = takeIdle()) {
            one.socket().close();
        }
    }

    /** A new one, of the caller's alone; nobody has spoken yet. */
    SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    static void greet(DeputyChannel channel) throws IOException {
        channel.writeLines("LHLO stafette");
        Reply hello = channel.readReply();
        if (hello.code() != 220) {
            throw new IOException(hello.text());
        }
        channel.readReply();
    }
}
