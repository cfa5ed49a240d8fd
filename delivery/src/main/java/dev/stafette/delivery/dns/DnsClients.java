// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;

/**
 * One client for each event loop of the process, for as long as the loops run: what is read again by a reload does not
 * own it.
 * Thread: start-up and stop; {@link #of} any.
 */
public final class DnsClients implements AutoCloseable {
    private static final int PORT = 53;

    private final Map<EventLoop, DnsClient> clients = new IdentityHashMap<>();

    /** No socket is opened before there is a question. */
    public DnsClients(DnsSettings settings, EventLoopGroup... groups) {
        Exchange.loadLibrary();
        List<InetSocketAddress> servers = settings.servers().isEmpty() ? systemServers() : settings.servers();
        DnsSettings complete = new DnsSettings(servers, settings.queryTimeout(), settings.cacheEntriesMax());
        SecureRandom ids = new SecureRandom();
        for (EventLoopGroup group : groups) {
            for (EventExecutor executor : group) {
                EventLoop loop = (EventLoop) executor;
                clients.put(loop, new DnsClient(complete, new Network(loop, ids), System::nanoTime));
            }
        }
    }

    /** Like the resolver of libc: the machine itself where /etc/resolv.conf names no server. */
    private static List<InetSocketAddress> systemServers() {
        ResolvConfResolverConfigProvider file = new ResolvConfResolverConfigProvider();
        file.initialize();
        return file.servers().isEmpty()
                ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT))
                : file.servers();
    }

    /** The loop is one of those that were given. */
    public Dns of(EventLoop loop) {
        return client(loop);
    }

    /** Shares the loop's client, and asks for answers that the servers have validated (DNSSEC); they are believed. */
    public Dns authenticatedOf(EventLoop loop) {
        return client(loop).authenticated();
    }

    /** For any thread: the answers come on the loop that asks, or else on one that is chosen in turn. */
    public Dns ofAnyThread() {
        return new SharedDns(clients);
    }

    private DnsClient client(EventLoop loop) {
        DnsClient known = clients.get(loop);
        if (known == null) {
            throw new IllegalStateException("no DNS client for this loop");
        }
        return known;
    }

    /** What is under way is answered: try again. The loops still run. */
    @Override
    public void close() {
        clients.forEach((loop, client) -> loop.execute(client::close));
    }
}
