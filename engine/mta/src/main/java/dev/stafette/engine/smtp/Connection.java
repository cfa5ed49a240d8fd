// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.sasl.ChannelBinding;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.tls.ServerEndPoint;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.engine.restriction.ConnectionFacts;
import dev.stafette.engine.restriction.LoginFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes, the clock and the end of one session: input is kept while nobody can take it, replies are gathered
 * and sometimes delayed, and the connection is closed so that the last reply arrives.
 * Thread: event loop.
 */
final class Connection {
    /** Input beyond this is not read while nobody takes it. */
    static final int HELD_BYTES_MAX = 64 << 10;

    private static final int HELD_BYTES_MIN = 256;

    /** After the last reply, input is read and discarded: closing at once could lose it by a reset. */
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(2);

    private final ConnectionListener listener;
    private final ServiceLoop service;
    private final Channel channel;
    private final ReplyBuffer replies;
    private final SessionClock clock;

    // Owned by the loop.
    private InetSocketAddress peer;
    private Input input = Input.NOBODY;
    private @Nullable ByteBuf held;
    private boolean working;
    /** What is left of the input that is worked on is not to be taken. */
    private boolean dropsRest;

    private boolean bindsLogins;
    private @Nullable X509Certificate shownCertificate;

    private @Nullable SmtpReply delayed;
    private boolean closesAfterDelay;
    private boolean inputEnded;
    private boolean closing;
    private boolean lingers = true;
    private long seenNs;

    // For the loop's list of connections.
    int slot;

    Connection(ConnectionListener listener, ServiceLoop service, Channel channel, InetSocketAddress peer) {
        this.listener = listener;
        this.service = service;
        this.channel = channel;
        this.peer = peer;
        this.replies = new ReplyBuffer(channel, service.replyBuffer());
        this.seenNs = service.nowNs();
        this.clock = new SessionClock(service.settings().limits(), seenNs);
    }

    /** A program in front of the server speaks for this one. */
    void setPeer(InetSocketAddress client) {
        peer = client;
    }

    /** {@code message}: distinguishes those of a session; null outside of one. */
    ConnectionFacts facts(String protocol, LoginFacts login, @Nullable TlsSession tls, @Nullable Object message) {
        return new ConnectionFacts(
                protocol,
                peer.getPort(),
                channel.localAddress() instanceof InetSocketAddress server ? server : null,
                channel.id().asLongText(),
                message,
                login,
                tls);
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** Of our end; empty when it is unknown. */
    String serverAddressText() {
        return channel.localAddress() instanceof InetSocketAddress server
                ? NetUtil.toAddressString(server.getAddress())
                : "";
    }

    /** The same of its port. */
    String serverPortText() {
        return channel.localAddress() instanceof InetSocketAddress server ? String.valueOf(server.getPort()) : "";
    }

    int port() {
        return peer.getPort();
    }

    InetAddress address() {
        return peer.getAddress();
    }

    /** {@code name[address]}, as the log has it. */
    String describe(String name) {
        String text = name + '[' + addressText() + ']';
        return service.settings().clients().logsPorts() ? text + ':' + peer.getPort() : text;
    }

    String addressText() {
        return NetUtil.toAddressString(peer.getAddress());
    }

    /** As in an address literal (RFC 5321 §4.1.3), without its brackets. */
    String literalText() {
        return peer.getAddress() instanceof Inet6Address ? "IPv6:" + addressText() : addressText();
    }

    // Input. ---------------------------------------------------------------------------------------------------------

    /** From now on this takes what comes, and what is there of it already. */
    void setInput(Input next) {
        input = next;
    }

    /** Borrowed. Replies leave with {@link #flush}. */
    void onBytes(ByteBuf in) {
        if (closing) {
            return;
        }
        seenNs = service.nowNs();
        clock.onBytes(in.readableBytes(), input.isContent(), seenNs);
        ByteBuf buf = held;
        if (buf != null) {
            buf.writeBytes(in);
            resume();
            return;
        }
        work(in);
        if (in.isReadable() && !closing) {
            held = channel.alloc()
                    .directBuffer(Math.max(in.readableBytes(), HELD_BYTES_MIN))
                    .writeBytes(in);
        }
        updateReading();
    }

    /** Goes on with what was kept, when input can be taken again. */
    void resume() {
        if (working || closing) {
            return;
        }
        ByteBuf buf = held;
        if (buf != null) {
            work(buf);
            if (closing || !buf.isReadable()) {
                dropHeld();
            } else {
                buf.discardSomeReadBytes();
            }
        }
        if (!closing) {
            updateReading();
            if (inputEnded && held == null && isReading()) {
                listener.onLost();
            }
        }
        flush();
    }

    private void work(ByteBuf in) {
        working = true;
        while (in.isReadable() && isReading()) {
            input.take(in);
            if (replies.isFull()) {
                flush();
            }
        }
        working = false;
        dropRest(in);
    }

    private boolean isReading() {
        return !closing && delayed == null && channel.isWritable() && input.isReady();
    }

    private void updateReading() {
        boolean wanted = !input.isStalled() && (held == null || held.readableBytes() <= HELD_BYTES_MAX);
        if (channel.config().isAutoRead() != wanted) {
            channel.config().setAutoRead(wanted);
        }
    }

    private void dropHeld() {
        ByteBuf buf = held;
        held = null;
        if (buf != null) {
            buf.release();
        }
    }

    /** Input that came before it was expected; empty when the client waited. */
    ByteBuf heldInput() {
        return held == null ? Unpooled.EMPTY_BUFFER : held;
    }

    /** The client has closed its half of the connection. */
    void onInputEnded() {
        inputEnded = true;
        if (closing) {
            channel.close();
        } else {
            resume();
        }
    }

    void onWritable() {
        resume();
    }

    /**
     * TLS begins with the next bytes that come.
     *
     * @param takesHeld with those that are here already. Else they are dropped: they came in the clear behind STARTTLS, and
     *     anybody on the way could have put them there (CVE-2011-0411)
     */
    void startTls(ChannelHandler handler, boolean takesHeld) {
        flush();
        ByteBuf early = held;
        held = takesHeld ? null : held;
        dropsRest = !takesHeld;
        channel.pipeline().addFirst(handler);
        if (takesHeld && early != null) {
            channel.pipeline().fireChannelRead(early);
            channel.pipeline().fireChannelReadComplete();
        } else if (!working) {
            dropRest(early);
            dropHeld();
        }
        updateReading();
    }

    /** {@code binds}: the engine says which certificate of ours it has shown; {@code shown}: else, if it is known. */
    void setBindsLogins(boolean binds, @Nullable X509Certificate shown) {
        bindsLogins = binds;
        shownCertificate = shown;
    }

    /** What logins may be bound to; null: without TLS nothing, or it cannot be told. */
    @Nullable
    ChannelBinding channelBinding() {
        X509Certificate shown = shownCertificate;
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        byte[] digest = shown != null
                ? ServerEndPoint.of(shown)
                : tls == null || !bindsLogins ? null : ServerEndPoint.of(tls.engine());
        return digest == null ? null : new ChannelBinding(ChannelBinding.SERVER_END_POINT, digest);
    }

    private void dropRest(@Nullable ByteBuf in) {
        if (dropsRest && in != null) {
            in.skipBytes(in.readableBytes());
        }
        dropsRest = false;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    // Replies. -------------------------------------------------------------------------------------------------------

    /** @param delayNs 0: not delayed; else nothing else happens until then */
    void reply(SmtpReply reply, long delayNs) {
        if (delayNs == 0) {
            replies.add(reply);
            return;
        }
        flush();
        delayed = reply;
        schedule(this::onDelayOver, delayNs);
    }

    void replyQueued(String queueId, long chunkedBytes) {
        replies.addQueued(queueId, chunkedBytes);
    }

    boolean isDelayed() {
        return delayed != null;
    }

    private void onDelayOver() {
        SmtpReply reply = delayed;
        delayed = null;
        if (reply == null || closing) {
            return;
        }
        replies.add(reply);
        touch();
        if (closesAfterDelay) {
            close();
        } else {
            listener.onReplied();
            resume();
        }
    }

    void flush() {
        replies.flush();
    }

    // Later. ---------------------------------------------------------------------------------------------------------

    /** Runs the task on the loop behind its next look at the sockets: what has come by now is there then. */
    void afterNextLook(Runnable task) {
        // A task comes before that look, and what a task schedules behind it.
        channel.eventLoop().execute(() -> schedule(task, 0));
    }

    void schedule(Runnable task, long delayNs) {
        channel.eventLoop().schedule(task, delayNs, TimeUnit.NANOSECONDS);
    }

    // The clock. -----------------------------------------------------------------------------------------------------

    /** Restarts the timeout. */
    void touch() {
        touch(service.nowNs());
    }

    void touch(long nowNs) {
        seenNs = nowNs;
        clock.restart(nowNs);
    }

    /** When bytes came or the timeout was restarted, whichever was last: so long has what is taken now been here. */
    long seenNs() {
        return seenNs;
    }

    /** Stricter timeouts hold from now on. */
    void hurry(SessionLimits stricter) {
        clock.hurry(stricter, service.nowNs());
    }

    /** Called regularly with the time; {@code sinceNs}: how long ago it was called before. */
    void checkDeadline(long nowNs, long sinceNs) {
        if (closing) {
            if (clock.isOver(nowNs)) {
                channel.close();
            }
        } else if (delayed != null || !input.isReady()) {
            // The server does not wait for the client now.
            clock.putOff(sinceNs);
        } else if (clock.isOver(nowNs)) {
            listener.onTimeout();
        }
    }

    // The end. -------------------------------------------------------------------------------------------------------

    /** Closes behind the replies so far, and without waiting: the client has sent QUIT. */
    void closeAfterQuit() {
        lingers = false;
        close();
    }

    /** Closes behind the replies so far, a delayed one among them. */
    void close() {
        if (delayed != null) {
            closesAfterDelay = true;
            return;
        }
        if (closing) {
            return;
        }
        closing = true;
        clock.endAt(service.nowNs() + LINGER_NS);
        if (!working) {
            dropHeld();
        }
        flush();
        if (lingers && !inputEnded && channel instanceof DuplexChannel duplex) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            ChannelFuture sent = tls == null ? channel.writeAndFlush(Unpooled.EMPTY_BUFFER) : tls.closeOutbound();
            sent.addListener(done -> duplex.shutdownOutput());
            channel.config().setAutoRead(true);
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Closes without a reply. */
    void abort() {
        delayed = null;
        closing = true;
        if (!working) {
            dropHeld();
        }
        replies.release();
        channel.close();
    }

    /** The channel is closed. */
    void onClosed() {
        delayed = null;
        closing = true;
        dropHeld();
        replies.release();
    }
}
