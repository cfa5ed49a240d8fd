// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import dev.stafette.engine.load.SmtpSourceSettings.Pause;
import dev.stafette.engine.socket.DomainSockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Postfix's {@code smtp-source}: sends as many messages as it is told over as many sessions, a command at a time.
 * Thread: one event loop of its own; {@link #run} any.
 *
 * <p>The source of the benchmarks, {@link LoadSource}, measures and pipelines; this one shows what a server says, and ends
 * at the first reply that it does not want.
 */
public final class SmtpSource {
    private static final int CONNECT_TIMEOUT_MS = 300_000;
    private static final String NO_SUCH_FILE = "No such file or directory";

    private final SmtpSourceSettings settings;
    private final SourceTalk talk;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final SplittableRandom random = new SplittableRandom();

    /** Set before the loop begins. */
    private @Nullable Bootstrap bootstrap;

    // Owned by the event loop.
    private int messagesLeft;
    private int sessionsLeft;
    private int connectionCount;
    private int doneCount;
    private int recipientNumber;

    /** Written by the event loop, read when the run has ended. */
    private volatile String failure = "";

    /** What the source says to people. */
    public interface SourceTalk {
        void warn(String text);

        /** How many messages have been sent. */
        void onCount(int count);

        /** A line to the server or from it. */
        void onTrace(String line);
    }

    public SmtpSource(SmtpSourceSettings settings, SourceTalk talk) {
        this.settings = settings;
        this.talk = talk;
        this.messagesLeft = settings.messageCount();
        this.sessionsLeft = settings.sessionCount();
    }

    SmtpSourceSettings settings() {
        return settings;
    }

    SourceTalk talk() {
        return talk;
    }

    /** Returns when it has ended: why it did not send all, empty when it did. */
    public String run() throws InterruptedException {
        try (Loops loops = Loops.open("smtp-source", 1)) {
            Bootstrap connects = new Bootstrap()
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                    .remoteAddress(settings.target());
            if (settings.target() instanceof InetSocketAddress) {
                connects.channel(loops.socket());
                if (settings.windowBytes() > 0) {
                    connects.option(ChannelOption.SO_RCVBUF, settings.windowBytes())
                            .option(ChannelOption.SO_SNDBUF, settings.windowBytes());
                }
            } else {
                connects.channel(DomainSockets.ofThisMachine().channel());
            }
            bootstrap = connects;
            EventLoop loop = loops.group().next();
            loop.execute(() -> {
                for (int i = 0; i < settings.sessionCount(); i++) {
                    next(loop, null);
                }
            });
            ended.await();
        }
        return failure;
    }

    /** What a session does that has sent a message, or has none yet. {@code kept}: null without a connection. */
    void next(EventLoop loop, @Nullable SmtpSourceSession kept) {
        Pause pause = settings.pause();
        if (pause == null || messagesLeft == 0) {
            begin(loop, kept);
        } else {
            int seconds = pause.isRandom() ? random.nextInt(pause.seconds() + 1) : pause.seconds();
            loop.schedule(() -> begin(loop, kept), seconds, TimeUnit.SECONDS);
        }
    }

    private void begin(EventLoop loop, @Nullable SmtpSourceSession kept) {
        if (messagesLeft == 0 || isEnded()) {
            if (kept == null) {
                end();
            } else {
                kept.quit();
            }
            return;
        }
        messagesLeft--;
        String id = String.format(
                "%04x.%04x.%04x", ProcessHandle.current().pid() & 0xffff, connectionCount & 0xffff, messagesLeft);
        if (kept == null) {
            connect(loop, id, 1);
        } else {
            kept.send(id);
        }
    }

    private void connect(EventLoop loop, String id, int attempt) {
        Bootstrap connects = bootstrap;
        if (connects == null) {
            throw new IllegalStateException("not running");
        }
        connectionCount++;
        connects.clone(loop)
                .handler(new SmtpSourceSession(this, id))
                .connect()
                .addListener((Future<? super Void> connected) -> {
                    Throwable cause = connected.cause();
                    if (cause == null) {
                        return;
                    }
                    if (cause instanceof ConnectException && attempt < settings.connectAttempts()) {
                        talk.warn("connect: " + reason(cause));
                        loop.schedule(() -> connect(loop, id, attempt + 1), 10, TimeUnit.MILLISECONDS);
                    } else {
                        fail("connect: " + reason(cause));
                    }
                });
    }

    /** What the system said, without what Netty says around it. */
    private static String reason(Throwable cause) {
        if (cause instanceof FileNotFoundException) {
            return NO_SUCH_FILE;
        }
        String text = String.valueOf(cause.getMessage());
        for (String known : new String[] {"Connection refused", NO_SUCH_FILE, "Permission denied"}) {
            if (text.contains(known)) {
                return known;
            }
        }
        return text;
    }

    /** The number that the next recipient gets. */
    int nextRecipientNumber() {
        return ++recipientNumber;
    }

    void onSent() {
        talk.onCount(++doneCount);
    }

    boolean hasMessages() {
        return messagesLeft > 0;
    }

    /** The connection of a session is gone; it goes on with another if there is something to send. */
    void onClosed(Channel channel) {
        EventLoop loop = channel.eventLoop();
        next(loop, null);
    }

    private void end() {
        if (--sessionsLeft == 0) {
            ended.countDown();
        }
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    void fail(String why) {
        if (!isEnded()) {
            failure = why;
            ended.countDown();
        }
    }
}
