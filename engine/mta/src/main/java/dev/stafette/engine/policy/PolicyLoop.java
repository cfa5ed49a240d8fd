// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.socket.Dialer;
import dev.stafette.engine.socket.ServerEndpoint;
import dev.stafette.engine.table.TableAnswer;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to one policy server, and the questions that wait for one.
 * Thread: event loop.
 */
final class PolicyLoop {
    /** Of one loop; as many as Postfix has smtpd processes by default. */
    static final int CONNECTIONS_MAX = 100;

    /** What is asked beyond them is not answered, and the mail comes again. */
    static final int WAITING_MAX = 1000;

    private final ServerEndpoint endpoint;
    private final PolicySettings settings;
    private final EventLoop loop;
    private final Dialer dialer;

    // Owned by the loop.
    private final ArrayDeque<PolicyConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<PolicyRequest> waiting = new ArrayDeque<>();
    private int connectionCount;
    private boolean isClosed;

    /** {@code resolving}: runs what may block. */
    PolicyLoop(ServerEndpoint endpoint, PolicySettings settings, EventLoop loop, Executor resolving) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.loop = loop;
        this.dialer = new Dialer(endpoint, loop, resolving);
    }

    void ask(PolicyRequest request) {
        PolicyConnection kept = takeIdle();
        if (kept != null) {
            kept.ask(request, settings.timeout().toNanos());
        } else if (connectionCount < CONNECTIONS_MAX) {
            connect(request);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(request);
        } else {
            request.end(unavailable("too many requests wait"));
        }
    }

    private TableAnswer unavailable(String why) {
        return TableAnswer.unavailable("problem talking to server " + endpoint.name() + ": " + why);
    }

    /** The newest is the one that the server is least likely to have given up. */
    private @Nullable PolicyConnection takeIdle() {
        for (PolicyConnection newest = idle.pollLast(); newest != null; newest = idle.pollLast()) {
            if (newest.isOpen()
                    && System.nanoTime() - newest.sinceNs() < settings.lifeMax().toNanos()) {
                return newest;
            }
            newest.close();
        }
        return null;
    }

    private void connect(PolicyRequest request) {
        connectionCount++;
        dialer.dial(
                settings.timeout(),
                () -> new PolicyConnection(this, System.nanoTime()),
                connection -> connection.ask(request, settings.timeout().toNanos()),
                why -> onNoConnection(request, why));
    }

    private void onNoConnection(PolicyRequest request, String why) {
        connectionCount--;
        tryAgain(request, why);
        serveWaiting();
    }

    void onAnswer(PolicyConnection connection, PolicyRequest request, String action) {
        boolean isUsedUp = settings.requestLimit() > 0 && connection.requestCount() >= settings.requestLimit();
        if (isClosed || isUsedUp || !connection.isOpen()) {
            connection.close();
        } else {
            connection.rest(settings.idleMax().toNanos());
            idle.addLast(connection);
        }
        request.end(TableAnswer.found(action));
        serveWaiting();
    }

    void onFailure(PolicyConnection connection, PolicyRequest request, String why) {
        if (connection.mayBeStale()) {
            ask(request);
        } else {
            tryAgain(request, why);
        }
    }

    private void tryAgain(PolicyRequest request, String why) {
        int tries = request.countTry();
        if (isClosed || tries >= settings.tryLimit()) {
            request.end(unavailable(why));
            return;
        }
        loop.schedule(() -> ask(request), settings.retryDelay().toNanos(), TimeUnit.NANOSECONDS);
    }

    void onClosed(PolicyConnection connection) {
        connectionCount--;
        idle.remove(connection);
        serveWaiting();
    }

    private void serveWaiting() {
        while (!waiting.isEmpty() && (!idle.isEmpty() || connectionCount < CONNECTIONS_MAX)) {
            ask(waiting.remove());
        }
    }

    /** Nothing is kept any more; what is under way comes to its end. */
    void close() {
        isClosed = true;
        idle.forEach(PolicyConnection::close);
        idle.clear();
    }

    int connectionCount() {
        return connectionCount;
    }
}
