// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** The kinds of channels that a loop can serve: native ones where it is native. Thread: any. */
public final class LoopChannels {
    private LoopChannels() {}

    private static boolean isEpoll(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    }

    public static Class<? extends ServerSocketChannel> servers(EventLoop loop) {
        return isEpoll(loop) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }
}
