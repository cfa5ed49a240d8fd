// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * The kinds of loop, channel and address that go with a socket in the file system: epoll's where it loads, Java's elsewhere.
 * Thread: any (a value).
 */
public enum DomainSockets {
    EPOLL {
        @Override
        public IoHandlerFactory io() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannel() {
            return EpollServerDomainSocketChannel.class;
        }

        @Override
        public Class<? extends Channel> channel() {
            return EpollDomainSocketChannel.class;
        }

        @Override
        public SocketAddress address(Path socket) {
            return new DomainSocketAddress(socket.toString());
        }
    },
    NIO {
        @Override
        public IoHandlerFactory io() {
            return NioIoHandler.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannel() {
            return NioServerDomainSocketChannel.class;
        }

        @Override
        public Class<? extends Channel> channel() {
            return NioDomainSocketChannel.class;
        }

        @Override
        public SocketAddress address(Path socket) {
            return UnixDomainSocketAddress.of(socket);
        }
    };

    /** What this machine has. */
    public static DomainSockets ofThisMachine() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public abstract IoHandlerFactory io();

    public abstract Class<? extends ServerChannel> serverChannel();

    public abstract Class<? extends Channel> channel();

    public abstract SocketAddress address(Path socket);
}
