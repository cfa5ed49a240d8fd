// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The event loop of a rig's reports: the test's thread does its tasks at once, and for others somebody else does. */
final class RigLoop extends AbstractEventExecutor {
    private final Thread rig = Thread.currentThread();
    private final Executor others;

    RigLoop(Executor others) {
        this.others = others;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == rig;
    }

    @Override
    public void execute(Runnable task) {
        if (inEventLoop()) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return GlobalEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    @Override
    @Deprecated
    public void shutdown() {}

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
