// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.AdminServer.AdminLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioChannelOption;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: reads its request, runs the command, writes the answer, closes.
 * Thread: admin, but for {@link #execute}.
 *
 * <pre>
 * READING    to ANSWERING: a whole line has come; to CLOSED: end of input, too long, silent
 * ANSWERING  to ENDING: done() or fail(); to CLOSED: the client has gone, or takes nothing
 * ENDING     to CLOSED: everything is written
 * </pre>
 */
final class AdminConnection extends ChannelInboundHandlerAdapter implements AdminAnswer {
    /** Below this much unwritten the command is asked for more. */
    private static final int DRAINED_BYTES = 16 * 1024;

    /** How soon a busy queue is asked again. */
    private static final long SOON_MS = 10;

    /** No user has it. */
    private static final String NOBODY_KNOWN = "";

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    private final AdminCommands commands;
    private final AdminLimits limits;
    private final ChannelFutureListener onWritten = this::onWritten;

    // Owned by the admin thread.
    private @Nullable ChannelHandlerContext context;
    private State state = State.READING;
    private final ByteBuf request = Unpooled.buffer(1024);
    private @Nullable Runnable whenDrained;
    private long lastProgressNs;

    private enum State {
        READING,
        ANSWERING,
        ENDING,
        CLOSED
    }

    AdminConnection(AdminCommands commands, AdminLimits limits) {
        this.commands = commands;
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(DRAINED_BYTES, DRAINED_BYTES));
        lastProgressNs = System.nanoTime();
        watch();
    }

    /** Looks again when the client would have been silent for too long. */
    private void watch() {
        long limitNs = (state == State.READING ? limits.requestTimeout() : limits.answerTimeout()).toNanos();
        long leftNs = lastProgressNs + limitNs - System.nanoTime();
        if (leftNs <= 0) {
            close();
        } else {
            // Never longer than a request may take: from that on another limit holds.
            long nextNs = Math.min(leftNs, limits.requestTimeout().toNanos());
            context().executor().schedule(() -> runUnlessClosed(this::watch), nextNs, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            // Behind the request nothing more is expected.
            if (state == State.READING) {
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        lastProgressNs = System.nanoTime();
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
        if (request.readableBytes() + length > limits.requestBytesMax()) {
            close();
            return;
        }
        request.writeBytes(in, length);
        if (end >= 0) {
            String line = request.toString(StandardCharsets.UTF_8);
            request.clear().capacity(0);
            run(line);
        }
    }

    private void run(String line) {
        state = State.ANSWERING;
        LineCodec.Reading reading = LineCodec.readRequest(line);
        AdminRequest asked = reading.request();
        if (asked == null) {
            fail(reading.failure());
            return;
        }
        guarded(() -> commands.run(asked, this));
    }

    /** A mistake of ours in one command must not end administration. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("admin command", e);
            fail(e.toString());
        }
    }

    @Override
    public void row(AnswerRow row) {
        if (state == State.ANSWERING) {
            write(LineCodec.write(row)).addListener(onWritten);
        }
    }

    private ChannelFuture write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return context().write(Unpooled.wrappedBuffer(bytes));
    }

    private void onWritten(ChannelFuture written) {
        if (written.isSuccess()) {
            lastProgressNs = System.nanoTime();
        } else {
            // The client has gone; whoever stops a listing half way does that.
            close();
        }
    }

    @Override
    public void whenDrained(Runnable next) {
        whenDrained = next;
        context().flush();
        // Not from here: a long answer would be a deep stack.
        execute(this::goOn);
    }

    private void goOn() {
        Runnable next = whenDrained;
        if (next != null && context().channel().isWritable()) {
            whenDrained = null;
            guarded(next);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        execute(this::goOn);
    }

    @Override
    public void done() {
        end(LineCodec.writeDone());
    }

    @Override
    public void fail(String reason) {
        end(LineCodec.writeFailure(reason));
    }

    private void end(String last) {
        if (state != State.ANSWERING) {
            return;
        }
        state = State.ENDING;
        write(last).addListener(ChannelFutureListener.CLOSE);
        context().flush();
    }

    /** By a channel of Java's: Java alone turns the number of a user into the name that the system has for him. */
    @Override
    public String caller() {
        UnixDomainPrincipal peer =
                context().channel().config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        UserPrincipal user = peer == null ? null : peer.user();
        return user == null ? NOBODY_KNOWN : user.getName();
    }

    @Override
    public void execute(Runnable task) {
        try {
            context().executor().execute(() -> runUnlessClosed(task));
        } catch (RejectedExecutionException ending) {
            // Administration has ended, and with it the connection: whoever brings an answer goes on.
            LOG.debug("an answer for nobody", ending);
        }
    }

    @Override
    public void executeSoon(Runnable task) {
        context().flush();
        context().executor().schedule(() -> guarded(task), SOON_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void executeLater(long delayMs, Runnable task) {
        context().flush();
        context().executor().schedule(() -> runUnlessClosed(task), delayMs, TimeUnit.MILLISECONDS);
    }

    private void runUnlessClosed(Runnable task) {
        if (state != State.CLOSED) {
            guarded(task);
            context().flush();
        }
    }

    /** The end of input may be half a close; who has gone is seen when writing. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && state == State.READING) {
            close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        whenDrained = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The client has gone.
        close();
    }

    private void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            whenDrained = null;
            context().close();
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context;
    }
}
