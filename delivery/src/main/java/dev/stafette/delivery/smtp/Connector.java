// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.loop.ReusedReads;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections on one event loop: to hosts, and to sockets in the file system.
 * Thread: that loop.
 */
final class Connector {
    private final SmtpClientSettings settings;
    private final boolean epoll;
    private final Bootstrap hosts;
    private final Bootstrap sockets;

    Connector(SmtpClientSettings settings, EventLoop loop, ReusedReads reads) {
        this.settings = settings;
        this.epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        this.hosts = bootstrap(loop, reads, epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true);
        this.sockets = bootstrap(loop, reads, epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class);
    }

    private Bootstrap bootstrap(EventLoop loop, ReusedReads reads, Class<? extends Channel> kind) {
        return new Bootstrap()
                .group(loop)
                .channel(kind)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.timeouts().connect().toMillis()))
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads);
    }

    /** {@code handler}: of the new channel. {@code local}: the address to connect from; null: the system's choice. */
    ChannelFuture connect(Peer peer, @Nullable InetAddress local, ChannelHandler handler) {
        // The bootstraps are this loop's own: nobody else sets their handler meanwhile.
        if (peer.address() instanceof DomainSocketAddress socket) {
            sockets.handler(handler);
            return sockets.connect(epoll ? socket : UnixDomainSocketAddress.of(socket.path()));
        }
        hosts.handler(handler);
        return local == null
                ? hosts.connect(peer.address())
                : hosts.connect(peer.address(), new InetSocketAddress(local, 0));
    }

    /** Where connections to that server are to come from; null: the system's choice. */
    @Nullable
    InetAddress localAddress(Peer peer) {
        if (!(peer.address() instanceof InetSocketAddress address)) {
            return null;
        }
        return address.getAddress() instanceof Inet4Address ? settings.bindAddress() : settings.bindAddress6();
    }
}
