// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import dev.stafette.engine.socket.DomainSockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Postfix's {@code smtp-sink}: takes messages and throws them away, or refuses them as it is told.
 * Thread: one event loop of its own; {@link #awaitEnd} and {@link #close} any.
 *
 * <p>The sink of the benchmarks, {@link DiscardSink}, counts numbered messages and believes every command; this one shows
 * a client what servers do to it.
 */
public final class SmtpSink implements AutoCloseable {
    private final SmtpSinkSettings settings;
    private final SinkTalk talk;
    private final Loops loops;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable Path socket;

    /** Written before the loop accepts. */
    private @Nullable Channel listener;

    // Owned by the event loop.
    private int connectionCount;
    private int sessionCount;
    private int quitCount;
    private int messageCount;

    /** What the sink says to people. */
    public interface SinkTalk {
        void warn(String text);

        void onCounts(int sessions, int quits, int messages);

        /** A line of a client, or what became of him. */
        void onTrace(String line);

        /** A command that is to be logged. */
        void onLogged(String line);
    }

    private SmtpSink(SmtpSinkSettings settings, SinkTalk talk) {
        this.settings = settings;
        this.talk = talk;
        this.loops = Loops.open("smtp-sink", 1);
        this.socket = settings.address() instanceof InetSocketAddress
                ? null
                : Path.of(settings.address().toString());
    }

    /** Returns when it listens. */
    public static SmtpSink open(SmtpSinkSettings settings, SinkTalk talk) throws IOException, InterruptedException {
        SmtpSink sink = new SmtpSink(settings, talk);
        try {
            sink.listen();
            return sink;
        } catch (IOException e) {
            sink.close();
            throw e;
        }
    }

    private void listen() throws IOException, InterruptedException {
        if (socket != null) {
            Files.deleteIfExists(socket);
        }
        Class<? extends ServerChannel> kind = socket == null
                ? loops.serverSocket()
                : DomainSockets.ofThisMachine().serverChannel();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(kind)
                .option(ChannelOption.SO_BACKLOG, settings.backlog())
                // One at a time, so that there are never more than may be.
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
                .childHandler(new Initializer());
        if (socket == null) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
            if (settings.windowBytes() > 0) {
                bootstrap
                        .option(ChannelOption.SO_RCVBUF, settings.windowBytes())
                        .childOption(ChannelOption.SO_SNDBUF, settings.windowBytes());
            }
        }
        var bound = bootstrap.bind(settings.address()).await();
        if (!bound.isSuccess()) {
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        listener = bound.channel();
    }

    private final class Initializer extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new SmtpSinkSession(SmtpSink.this));
        }
    }

    SmtpSinkSettings settings() {
        return settings;
    }

    SinkTalk talk() {
        return talk;
    }

    /** Where it listens. */
    public int port() {
        return listener != null && listener.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    void onConnected() {
        if (++connectionCount == settings.connectionsMax() && listener != null) {
            // What comes waits in the backlog.
            listener.config().setAutoRead(false);
        }
    }

    void onDisconnected() {
        if (connectionCount-- == settings.connectionsMax() && listener != null) {
            listener.config().setAutoRead(true);
        }
        sessionCount++;
        tell();
        if (sessionCount == settings.sessionsMax()) {
            ended.countDown();
        }
    }

    void onQuit() {
        quitCount++;
        tell();
    }

    /** False when that was the last that is wanted: it gets no answer. */
    boolean onMessage() {
        messageCount++;
        tell();
        if (messageCount == settings.messagesMax()) {
            ended.countDown();
            return false;
        }
        return true;
    }

    private void tell() {
        talk.onCounts(sessionCount, quitCount, messageCount);
    }

    /** Blocks until it has taken as much as it should. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** The same for so long at most; returns whether it has ended. */
    public boolean awaitEnd(long timeoutMs) throws InterruptedException {
        return ended.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        loops.close();
        if (socket != null) {
            Files.deleteIfExists(socket);
        }
    }
}
