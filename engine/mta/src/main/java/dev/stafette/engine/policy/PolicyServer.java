// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.socket.ServerEndpoint;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.TableAnswer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A policy server, as judgements ask it: the key is the request, and the answer the action.
 * Thread: any; who asks on a loop is served on that loop.
 */
public final class PolicyServer implements SlowSource, AutoCloseable {
    private final Map<EventLoop, PolicyLoop> loops = new LinkedHashMap<>();
    private final EventLoop first;

    PolicyServer(ServerEndpoint endpoint, PolicySettings settings, EventLoopGroup group, Executor resolving) {
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            loops.put(loop, new PolicyLoop(endpoint, settings, loop, resolving));
        }
        this.first = loops.keySet().iterator().next();
    }

    @Override
    public void start(String request, Consumer<TableAnswer> listener) {
        PolicyRequest asked = new PolicyRequest(request, listener);
        for (Map.Entry<EventLoop, PolicyLoop> entry : loops.entrySet()) {
            if (entry.getKey().inEventLoop()) {
                entry.getValue().ask(asked);
                return;
            }
        }
        try {
            PolicyLoop any = loops.get(first);
            first.execute(() -> {
                if (any != null) {
                    any.ask(asked);
                }
            });
        } catch (RejectedExecutionException e) {
            listener.accept(TableAnswer.unavailable("shutting down"));
        }
    }

    /** Requests that are under way are answered; connections are not kept any more. */
    @Override
    public void close() {
        loops.forEach((loop, connections) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(connections::close);
            }
        });
    }
}
