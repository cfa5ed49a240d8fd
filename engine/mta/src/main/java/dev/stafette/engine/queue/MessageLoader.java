// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.Spool;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Finds the message of an index slot: in memory, or read back and verified by a worker, since the disk may be slow and
 * the agent may not wait for it. Who asks while it is being read waits for the same reading, in the order of asking:
 * nothing can be done to a message of which something that came before has not been done.
 * Thread: queue agent; {@link #load} runs on a worker.
 */
final class MessageLoader {
    private final Spool spool;
    private final Scheduler scheduler;
    private final Executor workers;
    private final ActiveMessages active;
    private final QueueDomains domains;
    private final QueueInbox inbox;
    private final QueueListener listener;
    private final QueueClock clock;

    // Owned by the queue agent: who waits for a message that is being read, by its id.
    private final Long2ObjectHashMap<List<Waiting>> loading = new Long2ObjectHashMap<>();

    private record Waiting(Consumer<ActiveMessage> action, Runnable onDamaged) {}

    MessageLoader(QueueParts parts, ActiveMessages active) {
        this.spool = parts.spool();
        this.scheduler = parts.scheduler();
        this.workers = parts.workers();
        this.inbox = parts.inbox();
        this.listener = parts.listener();
        this.clock = parts.clock();
        this.active = active;
        this.domains = parts.domains();
    }

    /** Runs the action with the message, now or later; never, when the message turns out to be damaged or is deleted. */
    void withMessage(int slot, Consumer<ActiveMessage> action) {
        withMessage(slot, action, () -> {});
    }

    /** Runs one of the two, now or later; {@code onDamaged} when the message is out of the index by then. */
    void withMessage(int slot, Consumer<ActiveMessage> action, Runnable onDamaged) {
        ActiveMessage message = active.get(slot);
        if (message != null) {
            action.accept(message);
            return;
        }
        long queueId = scheduler.queueId(slot);
        Waiting waiting = new Waiting(action, onDamaged);
        List<Waiting> others = loading.get(queueId);
        if (others != null) {
            others.add(waiting);
            return;
        }
        loading.put(queueId, new ArrayList<>(List.of(waiting)));
        BodyRef body = active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
        workers.execute(() -> load(slot, queueId, body));
    }

    boolean isLoading(long queueId) {
        return loading.containsKey(queueId);
    }

    private void load(int slot, long queueId, BodyRef body) {
        StoredBody stored = null;
        String failure = "";
        try {
            stored = spool.readVerified(queueId, body);
        } catch (StorageException e) {
            failure = String.valueOf(e.getMessage());
        }
        inbox.offerPatiently(new QueueCommand.Loaded(slot, queueId, body, stored, failure));
    }

    void onLoaded(QueueCommand.Loaded loaded) {
        List<Waiting> waiting = loading.remove(loaded.queueId());
        if (waiting == null) {
            return;
        }
        int slot = loaded.slot();
        boolean isThere = isThere(loaded);
        if (isThere && loaded.stored() == null) {
            setAside(slot, loaded);
            isThere = false;
        }
        StoredBody stored = loaded.stored();
        if (!isThere || stored == null) {
            waiting.forEach(one -> one.onDamaged().run());
            return;
        }
        ActiveMessage message = new ActiveMessage(
                loaded.queueId(),
                slot,
                stored.envelope(),
                loaded.body(),
                stored.arrivalMs(),
                clock.toNs(stored.arrivalMs()),
                clock.nowNs());
        listener.onActive(message);
        for (Waiting one : waiting) {
            // The one before may have ended the message, or let it go.
            if (isThere(loaded)) {
                active.put(message);
                one.action().accept(message);
            } else {
                one.onDamaged().run();
            }
        }
    }

    /** False: it was deleted meanwhile, and the slot may be another message's by now. */
    private boolean isThere(QueueCommand.Loaded loaded) {
        return scheduler.slotOf(loaded.queueId()) == loaded.slot();
    }

    /** What cannot be read is kept for a person to look at, and taken out of the queue: it would fail again each time. */
    private void setAside(int slot, QueueCommand.Loaded loaded) {
        Path kept = spool.quarantine(loaded.queueId(), loaded.body());
        domains.onRemoved(scheduler, slot);
        scheduler.remove(slot);
        active.forget(loaded.queueId());
        listener.onDamaged(loaded.queueId(), loaded.failure() + "; kept as " + kept);
    }
}
