// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.smtp.PassGate;
import dev.stafette.engine.tls.ServerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one connection to a session, or to its end.
 * Thread: event loop.
 *
 * <pre>
 * ARRIVING → EARLY    tests before the greeting are due: half of it is said
 *          → DEEP     others are due, or it must not pass
 * EARLY    → DEEP     the time is over, or all is known
 * any      → WAITING  nothing is due any more: it waits for a session, which takes the channel
 *          → OVER     it is refused, or lost
 * </pre>
 */
final class Screening implements PassGate.Screen, ScreenArrival.Listener {
    private enum Phase {
        ARRIVING,
        EARLY,
        DEEP,
        WAITING,
        OVER
    }

    private static final String EARLY_NAME = "tests before SMTP handshake";
    private static final String DEEP_NAME = "tests after SMTP handshake";

    private final ScreenLoop loop;
    private final ScreenedConnection connection;
    private final Channel channel;
    private final ChannelHandler handler;
    private final ScreenArrival arrival;

    // Owned by the loop.
    private Phase phase = Phase.ARRIVING;
    private long phaseNs;
    private long deadlineNs;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable EarlyTests early;
    private @Nullable ScreenDialogue dialogue;
    /** What has come before it was expected. */
    private @Nullable ByteBuf held;

    private boolean inputEnded;

    /** {@code handler}: gets out of the way when it passes. */
    Screening(ScreenedConnection connection, ChannelHandler handler) {
        this.loop = connection.loop();
        this.connection = connection;
        this.channel = connection.channel();
        this.handler = handler;
        this.arrival = new ScreenArrival(connection, this);
    }

    private void enter(Phase next) {
        phase = next;
        phaseNs = loop.nowNs();
    }

    // The beginning. -------------------------------------------------------------------------------------------------

    void begin() {
        enter(Phase.ARRIVING);
        arrival.judge();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    @Override
    public void onPermit() {
        conclude(null);
    }

    @Override
    public void onRefusal(SmtpReply last) {
        drop(last);
    }

    @Override
    public void onTestsDue() {
        if ((connection.tests().due() & ScreenTest.EARLY) != 0) {
            beginEarly();
        } else {
            goOn();
        }
    }

    @Override
    public void onMistake(RuntimeException mistake) {
        channel.pipeline().fireExceptionCaught(mistake);
    }

    // The tests. -----------------------------------------------------------------------------------------------------

    private void beginEarly() {
        enter(Phase.EARLY);
        schedule(loop.patience().greetWait());
        EarlyTests tests = new EarlyTests(connection, () -> schedule(Duration.ZERO));
        early = tests;
        tests.begin();
        ByteBuf said = held;
        if (said != null) {
            onEarlyBytes(tests, said);
        }
    }

    private void onEarlyBytes(EarlyTests tests, ByteBuf said) {
        if (!tests.isSilenceWanted()) {
            return;
        }
        SmtpReply last = tests.onBytes(said);
        if (last != null) {
            drop(last);
        } else if (connection.tests().isEarlyOver()) {
            endEarly(tests);
        }
    }

    private void endEarly(EarlyTests tests) {
        SmtpReply last = tests.end();
        if (last == null) {
            goOn();
        } else {
            drop(last);
        }
    }

    /** Nothing is due any more that comes before the greeting. */
    private void goOn() {
        if (connection.isRefused() || !connection.tests().isDeepOver()) {
            beginDeep(null);
        } else {
            conclude(null);
        }
    }

    /** {@code lastReply}: to the next command, whatever it is; null: the client may talk. */
    private void beginDeep(@Nullable SmtpReply lastReply) {
        enter(Phase.DEEP);
        if (lastReply != null) {
            connection.tests().wantNoneDeep();
        } else if (connection.hasFailed()) {
            connection.tests().wantAllDeep();
        }
        ScreenDialogue talk = new ScreenDialogue(connection, lastReply);
        dialogue = talk;
        // Who did not wait for it is not confused by it.
        if (!connection.tests().hasFailed(ScreenTest.PREGREET)) {
            connection.say(loop.settings().replies().greeting);
        }
        restartClock();
        schedule(loop.patience().commandTime());
        channel.config().setAutoRead(true);
        ByteBuf said = held;
        held = null;
        if (said != null) {
            talk(talk, said);
            said.release();
        }
        if (phase == Phase.DEEP && inputEnded) {
            hangUp();
        }
    }

    private void talk(ScreenDialogue talk, ByteBuf in) {
        int commands = talk.commandCount();
        SmtpReply last = talk.take(in);
        if (last != null) {
            drop(last);
        } else if (connection.isHandshaking()) {
            beginTls(talk);
        } else if (talk.commandCount() > commands) {
            restartClock();
        }
    }

    /** Its time is that of a handshake, and begins anew with the first command within TLS. */
    private void beginTls(ScreenDialogue talk) {
        ServerContext context = loop.settings().tls().context();
        if (context == null) {
            throw new IllegalStateException("no TLS");
        }
        cancelTimer();
        ScreenHandshake.begin(
                connection,
                context,
                () -> {
                    if (phase == Phase.DEEP) {
                        connection.setHandshaking(false);
                        connection.setSecure();
                        talk.forget();
                        restartClock();
                        schedule(loop.patience().commandTime());
                    }
                },
                () -> {
                    if (phase == Phase.DEEP) {
                        hangUp();
                    }
                });
    }

    // The clock. -----------------------------------------------------------------------------------------------------

    private void restartClock() {
        deadlineNs = loop.nowNs() + loop.patience().commandTime().toNanos();
    }

    private void schedule(Duration time) {
        cancelTimer();
        timer = channel.eventLoop().schedule(this::onTime, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        ScheduledFuture<?> set = timer;
        timer = null;
        if (set != null) {
            set.cancel(false);
        }
    }

    private void onTime() {
        timer = null;
        if (phase == Phase.EARLY && early != null) {
            endEarly(early);
        } else if (phase == Phase.DEEP && dialogue != null) {
            long leftNs = deadlineNs - loop.nowNs();
            if (leftNs > 0) {
                schedule(Duration.ofNanos(leftNs));
            } else {
                loop.log().limitReached(connection.client(), "TIME", dialogue.lastCommand());
                drop(loop.settings().replies().timeout);
            }
        }
    }

    // Input. ---------------------------------------------------------------------------------------------------------

    /** Borrowed. */
    void onBytes(ByteBuf in) {
        if (phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.DEEP && dialogue != null) {
            talk(dialogue, in);
            return;
        }
        ByteBuf kept = held;
        if (kept == null) {
            kept = channel.alloc().buffer(in.readableBytes());
            held = kept;
        }
        kept.writeBytes(in);
        // The rest is for whoever takes it.
        channel.config().setAutoRead(false);
        if (phase == Phase.EARLY && early != null) {
            onEarlyBytes(early, kept);
        }
    }

    /** The client has closed its half of the connection. */
    void onInputEnded() {
        inputEnded = true;
        boolean isWaited = phase == Phase.EARLY && early != null && early.isSilenceWanted();
        if (isWaited || phase == Phase.DEEP) {
            hangUp();
        }
    }

    /** The channel is closed. */
    void onClosed() {
        if (phase == Phase.WAITING) {
            leave();
        } else if (phase != Phase.OVER) {
            hangUp();
        }
        dropHeld();
    }

    // The end. -------------------------------------------------------------------------------------------------------

    private void hangUp() {
        loop.log().hungUp(connection.client(), loop.nowNs() - phaseNs, phase == Phase.DEEP ? DEEP_NAME : EARLY_NAME);
        drop(null);
    }

    /** {@code last}: null when the client does not listen any more. */
    private void drop(@Nullable SmtpReply last) {
        connection.refuse();
        conclude(last);
    }

    private void conclude(@Nullable SmtpReply last) {
        cancelTimer();
        if (early != null) {
            early.abandon();
        }
        TestProgress tests = connection.tests();
        if (connection.hasFailed()) {
            tests.dropPasses();
        }
        if (tests.hasPassedAll()) {
            loop.log()
                    .passed(
                            connection.client(),
                            arrival.isOfNewClient() && loop.clients().tryIntroduce(connection.address()));
        }
        ScreenCache cache = loop.cache();
        if (tests.hasPassed() && cache != null) {
            int wanted = loop.settings().tests().wanted();
            cache.put(connection.address(), connection.times().settled(wanted));
        }
        if (!connection.isRefused()) {
            passOn();
            return;
        }
        if (last != null) {
            connection.say(last);
        }
        loop.log().disconnected(connection.client());
        end();
    }

    private void passOn() {
        PassGate gate = loop.passGate();
        if (gate != null) {
            enter(Phase.WAITING);
            gate.take(new PassGate.Passed(channel, connection.client(), this));
            return;
        }
        String service = loop.settings().passService();
        loop.log().warning("cannot connect to service private/" + service + ": No such file or directory");
        if (connection.tests().isDue(ScreenTest.PREGREET)) {
            connection.refuse();
            beginDeep(ScreenReplies.NO_RESOURCES);
        } else {
            connection.say(ScreenReplies.SERVERS_BUSY);
            end();
        }
    }

    @Override
    public ByteBuf release() {
        leave();
        channel.pipeline().remove(handler);
        channel.config().setAutoRead(true);
        if (inputEnded) {
            channel.eventLoop()
                    .execute(() -> channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE));
        }
        ByteBuf said = held;
        held = null;
        return said == null ? Unpooled.EMPTY_BUFFER : said;
    }

    private void end() {
        leave();
        dropHeld();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void leave() {
        enter(Phase.OVER);
        loop.clients().leave(connection.address());
        loop.load().leave(loop.settings().limits(), loop.log());
    }

    private void dropHeld() {
        ByteBuf kept = held;
        held = null;
        if (kept != null) {
            kept.release();
        }
    }
}
