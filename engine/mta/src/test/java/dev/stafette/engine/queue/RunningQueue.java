// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.storage.StoredBodies;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.RecipientState;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A queue whose agent runs on a thread of its own, for tests of what asks it. */
public final class RunningQueue implements AutoCloseable {
    private static final long PAUSE_NS = 200_000;

    private final FakeTransport transport = new FakeTransport();
    private final QueueRig rig;
    private final Thread agent;
    private final AtomicInteger askedCount = new AtomicInteger();
    private final AtomicInteger refusedCount = new AtomicInteger();

    /** Written by the test, read by the agent. */
    private volatile boolean ended;

    /** Written by the test before it asks, read by whoever asks. */
    private volatile Runnable beforeAsk = () -> {};

    public RunningQueue(Path directory) {
        CompletableFuture<QueueRig> opened = new CompletableFuture<>();
        agent = new Thread(() -> run(directory, opened), "queue");
        agent.setDaemon(true);
        agent.start();
        rig = opened.join();
    }

    /** The inbox takes the thread that opens the queue for the agent's, so that has to be this one. */
    private void run(Path directory, CompletableFuture<QueueRig> opened) {
        try {
            opened.complete(new QueueRig(directory, new AtomicLong(), transport, new QueueRig.Options()));
        } catch (RuntimeException | Error e) {
            opened.completeExceptionally(e);
            return;
        }
        QueueRig running = opened.join();
        while (!ended) {
            if (work(running) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private int work(QueueRig running) {
        synchronized (this) {
            return running.work();
        }
    }

    public QueueInbox inbox() {
        return rig.inbox();
    }

    /** The inbox, with each question counted. */
    public QueueAsk counted() {
        return request -> {
            beforeAsk.run();
            boolean asked = rig.inbox().ask(request);
            (asked ? askedCount : refusedCount).incrementAndGet();
            return asked;
        };
    }

    public int askedCount() {
        return askedCount.get();
    }

    public int refusedCount() {
        return refusedCount.get();
    }

    /** Done by whoever asks, before he does. */
    public void beforeAsk(Runnable work) {
        beforeAsk = work;
    }

    public StoredBodies bodies() {
        return rig.spool();
    }

    public QueueId.Source ids() {
        return rig.ids();
    }

    /** Nothing is delivered from now on, and nothing fails. */
    public synchronized void keepRequests() {
        transport.keepRequests();
    }

    /** What becomes of this address is a reply that defers it. */
    public synchronized void defer(String address, String reply) {
        DeliveryOutcome deferred = FakeTransport.deferred(reply);
        transport.answer(address, deferred);
    }

    /** Queues so many messages that are alike; returns their ids when they are in the index. */
    public synchronized List<String> accept(int count, Envelope envelope, String content) {
        return rig.accept(count, envelope, content);
    }

    /** The disk is full by now, and outcomes take what room is left in the journal; they are nobody's. */
    public synchronized void useUpJournal(String queueId) {
        RecipientState outcome =
                new RecipientState(RecipientState.Kind.FAILED, 1, 0, 0, "550 " + "x".repeat(1000), null);
        for (int vain = 0; vain < 1000; rig.work()) {
            if (rig.spool().canRecordOutcomes()) {
                rig.spool().attempted(QueueId.parse(queueId), 0, outcome);
                vain = 0;
            } else {
                vain++;
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** Returns when all that can be tried has been. */
    public synchronized void settle() {
        rig.settle();
    }

    public synchronized int messageCount() {
        return rig.messageCount();
    }

    public synchronized int attemptCount() {
        return transport.attemptCount();
    }

    /** The agent stands still and its inbox is full while the test does this. */
    public synchronized void whileBusy(Runnable work) {
        while (rig.inbox().ask(view -> {})) {
            // Not full yet.
        }
        work.run();
    }

    @Override
    public void close() {
        ended = true;
        try {
            agent.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        rig.close();
    }
}
