// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a sink. It believes every command it is sent: it is there to be fast, not to be right.
 * Thread: event loop.
 */
final class SinkSession extends ChannelInboundHandlerAdapter {
    private static final byte[] GREETING = reply("220 sink.test ESMTP");
    private static final byte[] CAPABILITIES = reply("250-sink.test\r\n"
            + "250-PIPELINING\r\n"
            + "250-SIZE 104857600\r\n"
            + "250-8BITMIME\r\n"
            + "250-ENHANCEDSTATUSCODES\r\n"
            + "250 SMTPUTF8");
    private static final byte[] CAPABILITIES_AND_TLS =
            reply("250-sink.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-STARTTLS\r\n250-8BITMIME\r\n"
                    + "250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8");
    private static final byte[] START_TLS = reply("220 2.0.0 Ready to start TLS");
    private static final byte[] OK = reply("250 2.0.0 Ok");
    private static final byte[] TAKEN = reply("250 2.0.0 Ok: discarded");
    private static final byte[] GO_AHEAD = reply("354 End data with <CR><LF>.<CR><LF>");
    private static final byte[] NO_RECIPIENTS = reply("554 5.5.1 Error: no valid recipients");
    private static final byte[] DEFERRED = reply("450 4.7.1 Try again later");
    private static final byte[] FAILED = reply("550 5.1.1 User unknown");
    private static final byte[] BYE = reply("221 2.0.0 Bye");
    private static final byte[] TOO_MANY_CONNECTIONS = reply("421 4.7.0 Too many connections");
    private static final byte[] TOO_MANY_MESSAGES = reply("421 4.7.0 Enough for this connection");
    private static final int COMMAND_BYTES_MAX = 8192;
    private static final int VERB_LENGTH = 4;

    private final DiscardSink sink;
    private final SinkAddress address;
    private final SinkSettings settings;
    private final SplittableRandom random;
    private final SinkBody body = new SinkBody();

    // Owned by the event loop.
    private @Nullable ByteBuf unread;
    private @Nullable ByteBuf replies;
    private boolean isInBody;
    private boolean isEnding;
    private boolean isAdmitted;
    private boolean isSecure;
    private int recipientCount;
    private int messageCount;

    SinkSession(DiscardSink sink, SinkAddress address, SinkSettings settings, long seed) {
        this.sink = sink;
        this.address = address;
        this.settings = settings;
        this.random = new SplittableRandom(seed);
    }

    private static byte[] reply(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        isAdmitted = address.tryConnect();
        if (isAdmitted) {
            put(ctx, GREETING);
        } else {
            sink.onRefused();
            put(ctx, TOO_MANY_CONNECTIONS);
            isEnding = true;
        }
        flush(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (isEnding) {
            in.release();
            return;
        }
        if (unread != null) {
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
            unread = null;
        }
        while (!isEnding && readSome(ctx, in)) {
            // Goes on for as long as whole commands or bodies are there.
        }
        if (in.isReadable() && !isEnding) {
            unread = in;
        } else {
            in.release();
        }
    }

    /** Returns whether there may be more to read. */
    private boolean readSome(ChannelHandlerContext ctx, ByteBuf in) {
        if (isInBody) {
            if (!body.read(in)) {
                return false;
            }
            isInBody = false;
            onMessage(ctx);
            return true;
        }
        int start = in.readerIndex();
        int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > COMMAND_BYTES_MAX) {
                isEnding = true;
                ctx.close();
            }
            return false;
        }
        in.readerIndex(end + 1);
        onCommand(ctx, end - start < VERB_LENGTH ? 0 : in.getInt(start) & ~0x20202020);
        return true;
    }

    private static int verb(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }

    private static final int EHLO = verb("EHLO");
    private static final int MAIL = verb("MAIL");
    private static final int RCPT = verb("RCPT");
    private static final int DATA = verb("DATA");
    private static final int QUIT = verb("QUIT");
    private static final int STARTTLS = verb("STAR");

    private void onCommand(ChannelHandlerContext ctx, int verb) {
        if (verb == RCPT) {
            onRecipient(ctx);
        } else if (verb == DATA) {
            if (recipientCount == 0) {
                put(ctx, NO_RECIPIENTS);
            } else {
                isInBody = true;
                body.begin();
                put(ctx, GO_AHEAD);
            }
        } else if (verb == EHLO) {
            put(ctx, settings.tls() == null || isSecure ? CAPABILITIES : CAPABILITIES_AND_TLS);
        } else if (verb == STARTTLS && settings.tls() != null) {
            startTls(ctx, settings.tls());
        } else if (verb == QUIT) {
            put(ctx, BYE);
            isEnding = true;
        } else {
            recipientCount = verb == MAIL ? 0 : recipientCount;
            put(ctx, OK);
        }
    }

    /** The reply is the one thing that goes out in the clear behind this. */
    private void startTls(ChannelHandlerContext ctx, SslContext tls) {
        isSecure = true;
        ctx.pipeline().addFirst(new SslHandler(tls.newEngine(ctx.alloc()), true));
        put(ctx, START_TLS);
    }

    private void onRecipient(ChannelHandlerContext ctx) {
        int roll = settings.deferPercent() + settings.failPercent() == 0 ? 100 : random.nextInt(100);
        if (address.isDeferring() || roll < settings.deferPercent()) {
            sink.onDeferred();
            put(ctx, DEFERRED);
        } else if (roll < settings.deferPercent() + settings.failPercent()) {
            sink.onFailed();
            put(ctx, FAILED);
        } else {
            recipientCount++;
            put(ctx, OK);
        }
    }

    private void onMessage(ChannelHandlerContext ctx) {
        sink.onMessage(body.sequence(), body.byteCount());
        recipientCount = 0;
        put(ctx, TAKEN);
        if (++messageCount >= settings.messagesPerConnection()) {
            put(ctx, TOO_MANY_MESSAGES);
            isEnding = true;
        }
    }

    private void put(ChannelHandlerContext ctx, byte[] reply) {
        if (replies == null) {
            replies = ctx.alloc().directBuffer(reply.length * 2);
        }
        replies.writeBytes(reply);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush(ctx);
    }

    private void flush(ChannelHandlerContext ctx) {
        ByteBuf out = replies;
        replies = null;
        if (out == null) {
            return;
        }
        if (settings.replyDelayMs() > 0) {
            boolean isLast = isEnding;
            ctx.executor().schedule(() -> write(ctx, out, isLast), settings.replyDelayMs(), TimeUnit.MILLISECONDS);
        } else {
            write(ctx, out, isEnding);
        }
    }

    private static void write(ChannelHandlerContext ctx, ByteBuf out, boolean isLast) {
        var written = ctx.writeAndFlush(out);
        if (isLast) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (isAdmitted) {
            address.disconnect();
        }
        if (unread != null) {
            unread.release();
            unread = null;
        }
        if (replies != null) {
            replies.release();
            replies = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
