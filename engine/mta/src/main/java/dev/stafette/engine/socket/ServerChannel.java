// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The channel to a server that somebody waits for, and how long yet.
 * Thread: event loop.
 */
public final class ServerChannel {
    // Owned by the loop. The channel is there before anything is said.
    private @Nullable Channel opened;
    private @Nullable Future<?> timer;

    /** When its handler is added. */
    public void open(ChannelHandlerContext context) {
        opened = context.channel();
    }

    public Channel get() {
        Channel known = opened;
        if (known == null) {
            throw new IllegalStateException("not connected");
        }
        return known;
    }

    public ByteBuf newBuffer() {
        return get().alloc().directBuffer();
    }

    /** In the place of what was to be done before. */
    public void after(long delayNs, Runnable task) {
        stopTimer();
        timer = get().eventLoop().schedule(task, delayNs, TimeUnit.NANOSECONDS);
    }

    public void stopTimer() {
        Future<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }
}
