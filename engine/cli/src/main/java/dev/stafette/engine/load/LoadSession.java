// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a source.
 * Thread: event loop.
 *
 * <pre>
 * GREETING → EHLO → FREE: replies;  FREE → MAIL: a message is due;  MAIL → RCPT → DATA: replies, good or bad
 * EHLO → STARTTLS → EHLO: where there is TLS
 * DATA → CONTENT: 354;  DATA → RESET: anything else;  CONTENT, RESET → FREE: reply
 * FREE → QUIT: nothing more to send;  any → QUIT: 421;  QUIT → closed
 * </pre>
 */
final class LoadSession extends ChannelInboundHandlerAdapter {
    private static final byte[] EHLO = "EHLO load.src.test\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STARTTLS = "STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RSET = "RSET\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int COMMANDS_BYTES = 256;
    private static final int CODE_DIGITS = 3;
    private static final int GO_AHEAD = 354;
    private static final int CLOSING = 421;

    private final LoadLoop owner;
    private final LoadMessages messages;
    private final boolean isPipelined;
    private final @Nullable SslContext tls;

    private enum State {
        GREETING,
        EHLO,
        STARTTLS,
        FREE,
        MAIL,
        RCPT,
        DATA,
        CONTENT,
        RESET,
        QUIT
    }

    // Owned by the event loop.
    private @Nullable ChannelHandlerContext context;
    private State state = State.GREETING;
    private long sequence;
    private long dueNs;
    private int refusal;
    /** Of the reply line that is being read. */
    private int column;

    private int code;
    private boolean isSecure;
    private boolean hasMoreLines;

    /** {@code tls}: null: none. */
    LoadSession(LoadLoop owner, LoadMessages messages, boolean isPipelined, @Nullable SslContext tls) {
        this.owner = owner;
        this.messages = messages;
        this.isPipelined = isPipelined;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                readByte(in.readByte());
            }
        } finally {
            in.release();
        }
    }

    /** RFC 5321 §4.2.1: three digits, then '-' when more lines follow. */
    private void readByte(byte b) {
        if (b == '\n') {
            if (column > 0 && !hasMoreLines) {
                onReply(code);
            }
            column = 0;
        } else {
            if (column < CODE_DIGITS) {
                code = (column == 0 ? 0 : code * 10) + b - '0';
                hasMoreLines = false;
            } else if (column == CODE_DIGITS) {
                hasMoreLines = b == '-';
            }
            column++;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    private void onReply(int reply) {
        if (reply == CLOSING && state != State.QUIT) {
            endTransaction(reply);
            state = State.QUIT;
            return;
        }
        switch (state) {
            case GREETING -> {
                state = State.EHLO;
                write(EHLO);
            }
            case EHLO -> {
                if (tls == null || isSecure) {
                    becomeFree();
                } else {
                    state = State.STARTTLS;
                    write(STARTTLS);
                }
            }
            case STARTTLS -> startTls(reply);
            case RESET -> becomeFree();
            case MAIL -> onEnvelopeReply(reply, State.RCPT);
            case RCPT -> onEnvelopeReply(reply, State.DATA);
            case DATA -> onDataReply(reply);
            case CONTENT -> {
                if (reply < 300) {
                    owner.onAcknowledged(sequence, dueNs);
                } else {
                    owner.onRefused(reply);
                }
                becomeFree();
            }
            case FREE, QUIT -> close();
        }
    }

    private void startTls(int reply) {
        ChannelHandlerContext ctx = context;
        if (reply >= 300 || tls == null || ctx == null) {
            close();
            return;
        }
        SslHandler handler = tls.newHandler(ctx.alloc());
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                isSecure = true;
                state = State.EHLO;
                write(EHLO);
                flush();
            } else {
                close();
            }
        });
        ctx.pipeline().addFirst(handler);
    }

    private void becomeFree() {
        state = State.FREE;
        owner.onFree(this);
    }

    /** Sends the envelope of a message; it is flushed by whoever calls. */
    void begin(long number, long messageDueNs) {
        sequence = number;
        dueNs = messageDueNs;
        refusal = 0;
        state = State.MAIL;
        ByteBuf out = allocate(COMMANDS_BYTES);
        messages.writeMail(out);
        if (isPipelined) {
            messages.writeRcpt(out, sequence);
            messages.writeData(out);
        }
        write(out);
    }

    private void onEnvelopeReply(int reply, State next) {
        if (reply >= 300 && refusal == 0) {
            refusal = reply;
        }
        state = next;
        if (!isPipelined) {
            sendNext(next);
        }
    }

    private void sendNext(State next) {
        if (refusal != 0) {
            onDataReply(refusal);
            return;
        }
        ByteBuf out = allocate(COMMANDS_BYTES);
        if (next == State.RCPT) {
            messages.writeRcpt(out, sequence);
        } else {
            messages.writeData(out);
        }
        write(out);
    }

    private void onDataReply(int reply) {
        if (reply == GO_AHEAD) {
            ByteBuf out = allocate(messages.contentBytesMax());
            messages.writeContent(out, sequence);
            state = State.CONTENT;
            write(out);
        } else {
            owner.onRefused(refusal != 0 ? refusal : reply);
            state = State.RESET;
            write(RSET);
        }
    }

    private void endTransaction(int reply) {
        if (isInTransaction()) {
            owner.onRefused(reply);
        }
    }

    private boolean isInTransaction() {
        return state == State.MAIL || state == State.RCPT || state == State.DATA || state == State.CONTENT;
    }

    void quit() {
        state = State.QUIT;
        write(QUIT);
    }

    void flush() {
        if (context != null) {
            context.flush();
        }
    }

    private void close() {
        if (context != null) {
            context.close();
        }
    }

    private ByteBuf allocate(int bytes) {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context.alloc().directBuffer(bytes);
    }

    private void write(byte[] command) {
        write(allocate(command.length).writeBytes(command));
    }

    private void write(ByteBuf out) {
        if (context == null) {
            out.release();
        } else {
            context.write(out, context.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (isInTransaction()) {
            owner.onUnanswered();
        }
        state = State.QUIT;
        owner.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
