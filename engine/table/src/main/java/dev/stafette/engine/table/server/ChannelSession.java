// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection for request and reply, with one time limit for both together.
 * Thread: one at a time.
 */
public final class ChannelSession implements ServerPool.Session {
    private final TimedChannel channel;
    private final ChannelReader reader;
    private final long timeoutMs;

    private ChannelSession(TimedChannel channel, long timeoutMs) {
        this.channel = channel;
        this.reader = new ChannelReader(channel);
        this.timeoutMs = timeoutMs;
    }

    public static ChannelSession connect(ServerAddress server, long timeoutMs) throws IOException {
        return new ChannelSession(TimedChannel.connect(server, timeoutMs), timeoutMs);
    }

    /** Starts the time that the reply may take. */
    public void send(ByteBuffer request) throws IOException {
        channel.startTimer(timeoutMs);
        channel.write(request);
    }

    public ChannelReader reader() {
        return reader;
    }

    @Override
    public boolean isUsable() {
        return reader.isDrained() && channel.isQuiet();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
