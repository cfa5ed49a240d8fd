// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.engine.socket.Dialer;
import dev.stafette.engine.socket.ServerEndpoint;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Dovecot's auth, with a connection of its own for each loop.
 * Thread: event loop of whoever asks.
 */
final class DovecotServer implements AuthServer {
    private final Map<EventLoop, DovecotLoop> loops = new IdentityHashMap<>();

    DovecotServer(ServerEndpoint endpoint, EventLoopGroup group, Executor resolving, Consumer<String> warnings) {
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            loops.put(loop, new DovecotLoop(endpoint.text(), loop, new Dialer(endpoint, loop, resolving), warnings));
        }
    }

    private DovecotLoop of(EventLoop loop) {
        DovecotLoop known = loops.get(loop);
        if (known == null) {
            throw new IllegalStateException("a loop that is not the server's: " + loop);
        }
        return known;
    }

    @Override
    public void findMechanisms(EventLoop loop, Consumer<List<AuthMechanism>> listener) {
        of(loop).findMechanisms(listener);
    }

    @Override
    public AuthExchange begin(EventLoop loop, AuthRequest request, Consumer<AuthReply> listener) {
        return of(loop).begin(request, listener);
    }

    @Override
    public void close() {
        loops.forEach((loop, connections) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(connections::close);
            }
        });
    }
}
