// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one event loop: keeps their number up, gives them messages when those are due and counts the answers.
 * Thread: event loop; the counts are read when the run has ended.
 */
final class LoadLoop {
    /** A server that closes or refuses connections gets this much peace between two. */
    private static final long RECONNECT_PAUSE_MS = 50;

    private static final int FAILED_CONNECTS_MAX = 200;
    /** Timers are not worth more precision: 10,000 wakes a second. */
    private static final long TICK_NS = 100_000;

    private static final int SIGNIFICANT_DIGITS = 3;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final LoadPlan plan;
    private final Run run;

    // Owned by the event loop.
    private final Deque<LoadSession> idle = new ArrayDeque<>();
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
    private int sessionCount;
    private int failedConnectCount;
    private boolean isTickScheduled;
    private long transientCount;
    private long permanentCount;
    private long unansweredCount;
    private long reconnectCount;
    private long lastAnswerNs;
    private @Nullable Throwable failure;

    /** What the loops of a run share. */
    record Run(
            LoadMessages messages,
            boolean isPipelined,
            @Nullable SslContext tls,
            SequenceSet acknowledged,
            Runnable onLoopEnded) {}

    LoadLoop(EventLoop loop, Bootstrap bootstrap, LoadPlan plan, Run run) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.plan = plan;
        this.run = run;
        this.lastAnswerNs = plan.startNs();
    }

    void start(int count) {
        sessionCount = count;
        for (int i = 0; i < count; i++) {
            connect();
        }
    }

    private void connect() {
        bootstrap
                .clone(loop)
                .handler(new LoadSession(this, run.messages(), run.isPipelined(), run.tls()))
                .connect()
                .addListener(this::onConnected);
    }

    private void onConnected(Future<? super Void> connected) {
        if (connected.isSuccess()) {
            return;
        }
        if (++failedConnectCount > FAILED_CONNECTS_MAX) {
            failure = connected.cause();
            plan.abort();
        }
        replaceSession();
    }

    /** A connection that was made has ended, in order or not. */
    void onClosed(LoadSession session) {
        idle.remove(session);
        replaceSession();
    }

    private void replaceSession() {
        if (!loop.isShuttingDown() && !plan.isExhausted(System.nanoTime())) {
            reconnectCount++;
            loop.schedule(this::connect, RECONNECT_PAUSE_MS, TimeUnit.MILLISECONDS);
        } else if (--sessionCount == 0) {
            run.onLoopEnded().run();
        }
    }

    /** The session is free: it gets a message, now or when the next is due, or ends. */
    void onFree(LoadSession session) {
        long nowNs = System.nanoTime();
        long sequence = plan.take(nowNs);
        if (sequence == LoadPlan.NOT_YET) {
            idle.add(session);
            scheduleTick(nowNs);
        } else {
            give(session, sequence, nowNs);
        }
    }

    private void give(LoadSession session, long sequence, long nowNs) {
        if (sequence == LoadPlan.EXHAUSTED) {
            session.quit();
        } else {
            session.begin(sequence, plan.dueNs(sequence, nowNs));
        }
    }

    private void scheduleTick(long nowNs) {
        if (!isTickScheduled) {
            isTickScheduled = true;
            long delayNs = Math.max(TICK_NS, plan.nextDueNs(nowNs) - nowNs);
            loop.schedule(this::tick, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        isTickScheduled = false;
        long nowNs = System.nanoTime();
        while (!idle.isEmpty()) {
            long sequence = plan.take(nowNs);
            if (sequence == LoadPlan.NOT_YET) {
                scheduleTick(nowNs);
                return;
            }
            LoadSession session = idle.remove();
            give(session, sequence, nowNs);
            session.flush();
        }
    }

    void onAcknowledged(long sequence, long dueNs) {
        lastAnswerNs = System.nanoTime();
        latencies.recordValue(Math.max(0, lastAnswerNs - dueNs) / 1000);
        run.acknowledged().add(sequence);
    }

    void onRefused(int replyCode) {
        lastAnswerNs = System.nanoTime();
        if (replyCode < 500) {
            transientCount++;
        } else {
            permanentCount++;
        }
    }

    void onUnanswered() {
        unansweredCount++;
    }

    long lastAnswerNs() {
        return lastAnswerNs;
    }

    /** Why the server could not be connected to; null when it could. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Adds what this loop counted. */
    LoadResult addTo(LoadResult sum) {
        sum.latencies().add(latencies);
        return new LoadResult(
                sum.acknowledged(),
                sum.transientCount() + transientCount,
                sum.permanentCount() + permanentCount,
                sum.unansweredCount() + unansweredCount,
                sum.reconnectCount() + reconnectCount,
                sum.seconds(),
                sum.latencies());
    }
}
