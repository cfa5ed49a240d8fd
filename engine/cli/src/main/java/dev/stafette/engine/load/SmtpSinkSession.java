// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import dev.stafette.engine.load.SinkReaction.Manner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@code smtp-sink}.
 * Thread: event loop.
 *
 * <pre>
 * COMMAND → CONTENT: 354;  CONTENT → COMMAND: the dot
 * COMMAND → DEAF: a delay, or 354 of a message that is to be refused unread;  DEAF → COMMAND, CONTENT: its time is up
 * any → ENDED: QUIT, a reaction that disconnects, silence, the client has gone
 * </pre>
 */
final class SmtpSinkSession extends ChannelInboundHandlerAdapter {
    private static final int COMMAND_BYTES_MAX = 8192;
    private static final int DICE = 100;

    private final SmtpSink sink;
    private final SmtpSinkSettings settings;
    private final SinkTransaction transaction;
    private final SplittableRandom dice = new SplittableRandom();

    private enum State {
        COMMAND,
        CONTENT,
        DEAF,
        ENDED
    }

    // Owned by the event loop.
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ByteBuf unread;
    private State state = State.COMMAND;
    private String protocol;
    private String helo = "";

    SmtpSinkSession(SmtpSink sink) {
        this.sink = sink;
        this.settings = sink.settings();
        this.transaction = new SinkTransaction(settings.dump(), settings.hostName());
        this.protocol = settings.isLmtp() ? "LMTP" : "SMTP";
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        sink.onConnected();
        sink.talk().onTrace("connect (" + address() + ")");
        setTimeout();
        react(SinkVerb.CONNECT, "", () -> reply("220 " + settings.greeting()));
        ctx.flush();
    }

    private void setTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
        timeout = context()
                .executor()
                .schedule(
                        () -> {
                            sink.talk().onTrace("read timeout");
                            disconnect();
                        },
                        settings.timeoutSeconds(),
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (state == State.ENDED) {
            in.release();
            return;
        }
        unread = unread == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
        readAll();
    }

    /** As far as it goes: until more is wanted, or the session does not listen. */
    private void readAll() {
        ByteBuf in = unread;
        if (in == null) {
            return;
        }
        try {
            while (in.isReadable() && (state == State.COMMAND ? readCommand(in) : readContent(in))) {
                setTimeout();
            }
        } catch (IOException e) {
            sink.talk().warn("dump: " + e.getMessage());
            disconnect();
        }
        if (unread != null && (!in.isReadable() || state == State.ENDED)) {
            in.release();
            unread = null;
        }
    }

    private boolean readContent(ByteBuf in) throws IOException {
        if (state != State.CONTENT || !transaction.read(in)) {
            return false;
        }
        int replies = settings.isLmtp() ? transaction.recipientCount() : 1;
        transaction.finish();
        state = State.COMMAND;
        react(SinkVerb.DOT, "", () -> {
            for (int i = 0; i < replies; i++) {
                reply(settings.isLmtp() ? "250 2.2.0 Ok" : "250 2.0.0 Ok");
            }
        });
        return true;
    }

    private boolean readCommand(ByteBuf in) throws IOException {
        int start = in.readerIndex();
        int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > COMMAND_BYTES_MAX) {
                sink.talk().warn("command line too long");
                disconnect();
            }
            return false;
        }
        String line = in.toString(start, end - start, StandardCharsets.ISO_8859_1);
        in.readerIndex(end + 1);
        onCommand(line.stripTrailing());
        return true;
    }

    private void onCommand(String line) {
        sink.talk().onTrace(line);
        String words = line.strip();
        if (words.isEmpty()) {
            reply("500 5.5.2 Error: unknown command");
            return;
        }
        int space = words.indexOf(' ');
        String arguments = space < 0 ? "" : words.substring(space + 1).strip();
        SinkVerb verb = SinkVerb.of(space < 0 ? words : words.substring(0, space));
        if (verb == null || !settings.verbs().contains(verb)) {
            reply("500 5.5.1 Error: unknown command");
            return;
        }
        react(verb, arguments, () -> answer(verb, arguments));
    }

    /** Does what the verb's reaction says, and {@code plain} where that is nothing special. */
    private void react(SinkVerb verb, String arguments, Runnable plain) {
        SinkReaction reaction = settings.reaction(verb);
        if (reaction.isLogged()) {
            sink.talk().onLogged((verb.text() + " " + cut(arguments)).strip());
        }
        if (reaction.manner() == Manner.DISCONNECT) {
            disconnect();
            return;
        }
        if (reaction.manner() == Manner.CLOSING) {
            reply("421 4.0.0 Server closing connection");
            disconnect();
            return;
        }
        Runnable answer = switch (reaction.manner()) {
            case SOFT -> () -> reply(settings.softReply());
            case HARD -> () -> reply(settings.hardReply());
            default -> verb == SinkVerb.DOT ? () -> count(plain) : plain;
        };
        if (reaction.delaySeconds() == 0) {
            answer.run();
        } else {
            beDeaf(delay(reaction), answer);
        }
    }

    private static String cut(String arguments) {
        return arguments.substring(0, Math.min(arguments.length(), 100));
    }

    private void count(Runnable answer) {
        if (sink.onMessage()) {
            answer.run();
        } else {
            disconnect();
        }
    }

    private long delay(SinkReaction reaction) {
        long seconds = reaction.delaySeconds();
        while (reaction.odds() > 0 && dice.nextInt(DICE) < reaction.odds()) {
            seconds += reaction.delaySeconds();
        }
        return seconds;
    }

    /** Nothing is read meanwhile: the client's window fills. */
    private void beDeaf(long seconds, Runnable afterwards) {
        State before = state;
        state = State.DEAF;
        if (timeout != null) {
            timeout.cancel(false);
        }
        context().channel().config().setAutoRead(false);
        context()
                .executor()
                .schedule(
                        () -> {
                            if (state == State.ENDED) {
                                return;
                            }
                            state = before;
                            afterwards.run();
                            context().flush();
                            if (state != State.ENDED && state != State.DEAF) {
                                setTimeout();
                                context().channel().config().setAutoRead(true);
                                readAll();
                                context().flush();
                            }
                        },
                        seconds,
                        TimeUnit.SECONDS);
    }

    private void answer(SinkVerb verb, String arguments) {
        switch (verb) {
            case HELO, EHLO, LHLO -> greet(verb, arguments);
            case MAIL -> {
                if (transaction.hasSender()) {
                    reply("503 5.5.1 Error: nested MAIL command");
                } else {
                    transaction.setSender(path(arguments));
                    reply("250 2.1.0 Ok");
                }
            }
            case RCPT -> {
                if (!transaction.hasSender()) {
                    reply("503 5.5.1 Error: need MAIL command");
                } else {
                    transaction.addRecipient(path(arguments));
                    reply("250 2.1.5 Ok");
                }
            }
            case DATA -> data();
            case RSET -> {
                transaction.abandon();
                reply("250 2.1.0 Ok");
            }
            case QUIT -> {
                sink.onQuit();
                reply("221 Bye");
                disconnect();
            }
            default -> reply("250 2.0.0 Ok");
        }
    }

    /** Without {@code FROM:} and {@code TO:}. */
    private static String path(String arguments) {
        return arguments.substring(arguments.indexOf(':') + 1).strip();
    }

    private void greet(SinkVerb verb, String arguments) {
        helo = arguments;
        transaction.abandon();
        if (verb == SinkVerb.HELO) {
            protocol = "SMTP";
            reply("250 " + settings.hostName());
            return;
        }
        protocol = verb == SinkVerb.EHLO ? "ESMTP" : "LMTP";
        reply("250-" + settings.hostName());
        settings.capabilities().forEach(line -> reply("250-" + line));
        reply("250 ");
    }

    private void data() {
        if (transaction.recipientCount() == 0) {
            reply("503 5.5.1 Error: need RCPT command");
            return;
        }
        try {
            transaction.begin(new SinkTransaction.Client(clientAddress(), protocol, helo));
        } catch (IOException e) {
            sink.talk().warn("dump: " + e.getMessage());
            disconnect();
            return;
        }
        reply("354 End data with <CR><LF>.<CR><LF>");
        context().flush();
        state = State.CONTENT;
        if (settings.abortSeconds() >= 0) {
            beDeaf(settings.abortSeconds(), () -> {
                reply("550 This violates SMTP");
                disconnect();
            });
        } else if (settings.readDelaySeconds() > 0) {
            beDeaf(settings.readDelaySeconds(), () -> {});
        }
    }

    private String clientAddress() {
        if (context().channel().remoteAddress() instanceof InetSocketAddress remote) {
            String text = remote.getAddress().getHostAddress();
            return remote.getAddress() instanceof Inet6Address ? "ipv6:" + text : text;
        }
        return "unknown";
    }

    private String address() {
        return context().channel().remoteAddress() instanceof InetSocketAddress remote
                ? (remote.getAddress() instanceof Inet6Address ? "AF_INET6 " : "AF_INET ")
                        + remote.getAddress().getHostAddress()
                : "AF_LOCAL local";
    }

    /** Goes out when all that came has been read. */
    private void reply(String line) {
        ChannelHandlerContext ctx = context();
        ctx.write(ctx.alloc().buffer().writeBytes(ReplyLines.bytes(line)), ctx.voidPromise());
    }

    private void disconnect() {
        if (state != State.ENDED) {
            state = State.ENDED;
            ChannelHandlerContext ctx = context();
            ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.ENDED;
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (unread != null) {
            unread.release();
            unread = null;
        }
        transaction.abandon();
        sink.talk().onTrace("disconnect");
        sink.onDisconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
