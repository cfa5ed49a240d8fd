// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The clients of all loops as one: who asks on a loop gets that loop's client, and anybody else one in turn.
 * Thread: any; the answer comes on the loop of the client.
 */
final class SharedDns implements Dns {
    private final Map<EventLoop, DnsClient> clients;
    private final List<EventLoop> loops;
    private final AtomicInteger next = new AtomicInteger();

    SharedDns(Map<EventLoop, DnsClient> clients) {
        this.clients = clients;
        this.loops = new ArrayList<>(clients.keySet());
    }

    @Override
    public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).inEventLoop()) {
                client(loops.get(i)).ask(name, type, then);
                return;
            }
        }
        EventLoop loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        try {
            loop.execute(() -> client(loop).ask(name, type, then));
        } catch (RejectedExecutionException e) {
            then.accept(DnsAnswer.tryAgain("shutting down", 0));
        }
    }

    private DnsClient client(EventLoop loop) {
        DnsClient known = clients.get(loop);
        if (known == null) {
            throw new IllegalStateException("no DNS client for this loop");
        }
        return known;
    }
}
