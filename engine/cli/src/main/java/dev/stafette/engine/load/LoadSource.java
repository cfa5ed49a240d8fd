// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends numbered messages over many sessions and measures how long each takes to be acknowledged.
 * Thread: any; the work is done on loops of its own.
 */
public final class LoadSource implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final LoadSettings settings;
    private final Loops loops;
    private final LoadPlan plan;
    private final SequenceSet acknowledged = new SequenceSet();
    private final CountDownLatch ended;
    private final List<LoadLoop> loadLoops = new ArrayList<>();

    private LoadSource(LoadSettings settings) {
        this.settings = settings;
        this.loops = Loops.open("load", settings.loopCount());
        this.plan = new LoadPlan(settings, System.nanoTime());
        this.ended = new CountDownLatch(settings.loopCount());
    }

    /** Begins to send. */
    public static LoadSource start(LoadSettings settings) {
        LoadSource source = new LoadSource(settings);
        source.startLoops();
        return source;
    }

    private void startLoops() {
        Bootstrap bootstrap = new Bootstrap()
                .channel(loops.socket())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .remoteAddress(settings.target());
        LoadMessages messages =
                new LoadMessages(settings.domains(), settings.messageBytes(), Long.toString(plan.startNs(), 36));
        LoadLoop.Run run =
                new LoadLoop.Run(messages, settings.isPipelined(), settings.tls(), acknowledged, ended::countDown);
        int loopCount = settings.loopCount();
        for (int i = 0; i < loopCount; i++) {
            EventLoop loop = loops.group().next();
            LoadLoop loadLoop = new LoadLoop(loop, bootstrap, plan, run);
            loadLoops.add(loadLoop);
            int sessions = (settings.sessionCount() + loopCount - 1 - i) / loopCount;
            if (sessions == 0) {
                ended.countDown();
            } else {
                loop.execute(() -> loadLoop.start(sessions));
            }
        }
    }

    /** How many messages have got their 250 so far. */
    public int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Whether every message has been answered. */
    public boolean isEnded() {
        return ended.getCount() == 0;
    }

    /** Nothing more is begun; what is under way is answered. */
    public void stop() {
        plan.abort();
    }

    /** Blocks until every message has been answered, or cuts the run off. Throws when the server cannot be reached. */
    public LoadResult await(Duration timeout) throws IOException {
        try {
            if (!ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                plan.abort();
            }
        } catch (InterruptedException e) {
            plan.abort();
            Thread.currentThread().interrupt();
        }
        // Whatever the loops counted is visible once they have ended.
        loops.close();
        return result();
    }

    private LoadResult result() throws IOException {
        LoadResult sum = new LoadResult(acknowledged, 0, 0, 0, 0, 0, new Histogram(SIGNIFICANT_DIGITS));
        long lastAnswerNs = plan.startNs();
        for (LoadLoop loop : loadLoops) {
            Throwable failure = loop.failure();
            if (failure != null && acknowledged.size() == 0) {
                throw new IOException("cannot connect to " + settings.target() + ": " + failure.getMessage(), failure);
            }
            sum = loop.addTo(sum);
            lastAnswerNs = Math.max(lastAnswerNs, loop.lastAnswerNs());
        }
        double seconds = (lastAnswerNs - plan.startNs()) / 1e9;
        return new LoadResult(
                acknowledged,
                sum.transientCount(),
                sum.permanentCount(),
                sum.unansweredCount(),
                sum.reconnectCount(),
                seconds,
                sum.latencies());
    }

    @Override
    public void close() {
        plan.abort();
        loops.close();
    }
}
