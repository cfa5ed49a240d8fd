// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to the queue agent: a bounded queue of commands with many writers and one reader.
 * Thread: any for {@link #offer}, {@link #offerPatiently} and {@link #wake}; queue agent for the rest.
 */
public final class QueueInbox implements QueueAsk {
    /** Far above what all sessions of a process can have outstanding; full means that the agent is stuck. */
    public static final int CAPACITY = 1 << 16;

    /** How long a patient sender waits before it looks again. */
    private static final long RETRY_NS = 100_000;

    private final ManyToOneConcurrentArrayQueue<QueueCommand> commands = new ManyToOneConcurrentArrayQueue<>(CAPACITY);

    // Owned by the queue agent: what it sends to itself, which never waits for room.
    private final ArrayDeque<QueueCommand> own = new ArrayDeque<>();

    /** Written once, by the agent when it starts; read by senders. */
    private volatile @Nullable Thread agent;

    /** The agent's thread while it sleeps or is about to; written by the agent, read by every sender. */
    private volatile @Nullable Thread sleeper;

    /** How many commands wake the sleeper; written by the agent before it is one, read by every sender after. */
    private volatile int wakeAtCount = 1;

    /** Returns false when the inbox is full: the caller keeps what it wanted to send and sheds load. */
    public boolean offer(QueueCommand command) {
        if (Thread.currentThread() == agent) {
            own.add(command);
            return true;
        }
        if (!commands.offer(command)) {
            return false;
        }
        // The command must be visible before the sleeper is read, else a sender and a falling-asleep agent miss each
        // other.
        VarHandle.fullFence();
        Thread thread = sleeper;
        if (thread != null && commands.size() >= wakeAtCount) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    /** On the agent's thread; false when the inbox is full. */
    @Override
    public boolean ask(QueueCommand.Request request) {
        return offer(request);
    }

    /** For what may not be lost, such as an outcome: waits for room. */
    public void offerPatiently(QueueCommand command) {
        while (!offer(command)) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    /** Unparks the agent if it sleeps: something outside the inbox is ready for it. */
    public void wake() {
        // As in offer: what is ready must be visible before the sleeper is read.
        VarHandle.fullFence();
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    void onAgentStarted() {
        agent = Thread.currentThread();
    }

    int drain(Consumer<QueueCommand> handler, int limit) {
        int count = commands.drain(handler, limit);
        while (!own.isEmpty() && count < limit) {
            handler.accept(own.remove());
            count++;
        }
        return count;
    }

    boolean isEmpty() {
        return commands.isEmpty() && own.isEmpty();
    }

    /** Whether there is what {@link #prepareSleep} said it would wake for. */
    boolean isWorthWaking() {
        return commands.size() >= wakeAtCount || !own.isEmpty();
    }

    /**
     * Declares that the caller is about to sleep; it must look for work once more before {@link #sleep}. With a count
     * above one it must know that something else will wake it.
     */
    void prepareSleep(int commandCount) {
        wakeAtCount = commandCount;
        sleeper = Thread.currentThread();
        VarHandle.fullFence();
    }

    /** Sleeps until something is offered or the time has passed. */
    void sleep(long ns) {
        LockSupport.parkNanos(this, ns);
    }

    void endSleep() {
        sleeper = null;
    }
}
