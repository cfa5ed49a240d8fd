// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * Makes a router for each event loop.
 * Thread: start-up only.
 */
public final class MailRouters {
    private final RouteSettings settings;
    private final Executor workers;
    private final List<InetSocketAddress> servers;

    /** @param workers for look-ups that block */
    public MailRouters(RouteSettings settings, Executor workers) {
        this.settings = settings;
        this.workers = workers;
        this.servers = settings.dnsServers().isEmpty() ? systemServers() : settings.dnsServers();
    }

    private static List<InetSocketAddress> systemServers() {
        DnsServerAddressStream stream =
                DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream("");
        List<InetSocketAddress> servers = new ArrayList<>(stream.size());
        for (int i = 0; i < stream.size(); i++) {
            servers.add(stream.next());
        }
        return servers;
    }

    /** The channel types are those of the loop. */
    public MailRouter newRouter(
            EventLoop loop, Class<? extends DatagramChannel> datagrams, Class<? extends SocketChannel> sockets) {
        DnsNameResolver resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelType(datagrams)
                .socketChannelType(sockets)
                // A source port for each question: its number is half of what a forger has to guess (RFC 5452 §9.2).
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(settings.queryTimeout().toMillis())
                .build();
        DnsClient dns = new DnsClient(resolver, servers, settings.cacheEntriesMax(), System::nanoTime);
        return new MailRouter(settings, dns, loop, workers, new Random());
    }
}
