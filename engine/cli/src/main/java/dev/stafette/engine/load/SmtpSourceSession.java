// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import dev.stafette.engine.load.ReplyLines.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@code smtp-source}: a command, its reply, the next command.
 * Thread: event loop.
 *
 * <pre>
 * GREETING → HELLO → MAIL: replies;  GREETING → MAIL: the dialect greets nobody
 * MAIL → RCPT → DATA → CONTENT: replies, RCPT as often as there are recipients
 * MAIL, RCPT, DATA → RESET: a reply that is endured, or no recipient was accepted;  CONTENT, RESET → IDLE: replies (of LMTP, one for each recipient)
 * IDLE → MAIL: the next message;  IDLE → QUIT;  QUIT → closed: reply
 * </pre>
 */
final class SmtpSourceSession extends ChannelInboundHandlerAdapter {
    /** As Postfix's waits for a reply. */
    private static final long REPLY_TIMEOUT_S = 300;

    private static final int GO_AHEAD = 354;

    private final SmtpSource source;
    private final SmtpSourceSettings settings;
    private final ReplyLines replies = new ReplyLines();

    // Owned by the event loop.
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timeout;
    private State state = State.GREETING;
    private String messageId;
    /** To be named, and later to be answered for. */
    private int recipientsLeft;

    private int acceptedCount;

    /** What is waited for: a reply to this. */
    private enum State {
        GREETING("reading server greeting", "rejected at server banner"),
        HELLO("sending ", " rejected"),
        MAIL("sending sender", "sender rejected"),
        RCPT("sending recipient", "recipient rejected"),
        DATA("sending DATA command", "data rejected"),
        CONTENT("sending message", "end of data rejected"),
        RESET("sending message", "rset rejected"),
        IDLE("", ""),
        QUIT("", "");

        private final String doing;
        private final String rejected;

        State(String doing, String rejected) {
            this.doing = doing;
            this.rejected = rejected;
        }
    }

    SmtpSourceSession(SmtpSource source, String messageId) {
        this.source = source;
        this.settings = source.settings();
        this.messageId = messageId;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        expect(State.GREETING);
    }

    private void expect(State next) {
        state = next;
        if (timeout != null) {
            timeout.cancel(false);
        }
        timeout = context().executor().schedule(this::onTimeout, REPLY_TIMEOUT_S, TimeUnit.SECONDS);
    }

    private void onTimeout() {
        source.fail("timeout while " + doing());
    }

    private String doing() {
        return state == State.HELLO ? state.doing + settings.dialect().greeting() : state.doing;
    }

    private String rejected() {
        return state == State.HELLO ? settings.dialect().greeting() + state.rejected : state.rejected;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            for (Reply reply = replies.read(in); reply != null && !source.isEnded(); reply = replies.read(in)) {
                reply.lines().forEach(line -> source.talk().onTrace("<<< " + line));
                onReply(reply);
            }
            if (replies.areTooLong()) {
                source.fail("a reply that does not end, while " + doing());
            }
        } finally {
            in.release();
        }
    }

    private void onReply(Reply reply) {
        boolean isGood = state == State.DATA ? reply.code() == GO_AHEAD : reply.isPositive();
        if (!isGood && state != State.QUIT && state != State.IDLE && !endures(reply)) {
            return;
        }
        switch (state) {
            case GREETING -> greet();
            case HELLO -> mail();
            case MAIL -> onMail(isGood);
            case RCPT -> onRecipient(isGood);
            case DATA -> onData(isGood);
            case CONTENT -> onContent();
            case RESET -> afterMessage();
            case QUIT -> context().close();
            case IDLE -> {
                // Nobody asked.
                return;
            }
        }
    }

    /** Whether the session goes on. */
    private boolean endures(Reply reply) {
        String text = rejected() + ": " + reply;
        if (!settings.endures()) {
            source.fail(text);
            return false;
        }
        source.talk().warn(text);
        if (reply.isClosing()) {
            state = State.QUIT;
            context().close();
            return false;
        }
        return true;
    }

    private void greet() {
        if (settings.dialect() == SmtpSourceSettings.Dialect.SILENT) {
            mail();
        } else {
            command(
                    State.HELLO,
                    settings.dialect().greeting() + " " + settings.message().hostName());
        }
    }

    private void mail() {
        command(State.MAIL, "MAIL FROM:<" + settings.message().sender() + ">");
    }

    private void onMail(boolean isGood) {
        if (isGood) {
            recipientsLeft = settings.recipientCount();
            acceptedCount = 0;
            recipient();
        } else {
            command(State.RESET, "RSET");
        }
    }

    private void recipient() {
        int place = recipientsLeft--;
        String number = settings.numbersRecipients()
                ? Integer.toString(source.nextRecipientNumber())
                : place > 1 ? Integer.toString(place) : "";
        command(State.RCPT, "RCPT TO:<" + number + settings.message().recipient() + ">");
    }

    private void onRecipient(boolean isGood) {
        acceptedCount += isGood ? 1 : 0;
        if (recipientsLeft > 0) {
            recipient();
        } else if (acceptedCount == 0) {
            command(State.RESET, "RSET");
        } else {
            command(State.DATA, "DATA");
        }
    }

    private void onData(boolean isGood) {
        if (!isGood) {
            command(State.RESET, "RSET");
            return;
        }
        recipientsLeft = settings.dialect() == SmtpSourceSettings.Dialect.LMTP ? acceptedCount : 1;
        ByteBuf out = context().alloc().buffer(settings.message().body().length + 512);
        settings.message().write(out, messageId);
        expect(State.CONTENT);
        source.talk().onTrace(".");
        context().writeAndFlush(out, context().voidPromise());
    }

    private void onContent() {
        if (--recipientsLeft > 0) {
            return;
        }
        source.onSent();
        afterMessage();
    }

    private void afterMessage() {
        if (settings.keepsConnections() && source.hasMessages()) {
            rest();
            source.next(context().channel().eventLoop(), this);
        } else {
            quit();
        }
    }

    private void rest() {
        state = State.IDLE;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /** The next message on this connection; when that has gone meanwhile, on another. */
    void send(String id) {
        messageId = id;
        mail();
    }

    void quit() {
        command(State.QUIT, "QUIT");
    }

    private void command(State next, String text) {
        expect(next);
        source.talk().onTrace(text);
        ChannelHandlerContext ctx = context();
        ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(ReplyLines.bytes(text)), ctx.voidPromise());
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (source.isEnded()) {
            return;
        }
        // The state, too, after a reply that closes the connection.
        if (state == State.QUIT) {
            source.onClosed(ctx.channel());
        } else {
            source.fail("lost connection while " + (state == State.IDLE ? "sending sender" : doing()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
