// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.BodyRef;
import dev.stafette.storage.Spool;
import dev.stafette.storage.StorageException;
import dev.stafette.storage.StoredBody;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Finds the message of an index slot: in memory, or read back and verified by a worker, since the disk may be slow and
 * the agent may not wait for it.
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
        BodyRef body = active.body(queueId, scheduler.bodyA(slot), scheduler.bodyB(slot));
        workers.execute(() -> load(slot, queueId, body, action, onDamaged));
    }

    private void load(int slot, long queueId, BodyRef body, Consumer<ActiveMessage> action, Runnable onDamaged) {
        StoredBody stored = null;
        String failure = "";
        try {
            stored = spool.readVerified(queueId, body);
        } catch (StorageException e) {
            failure = String.valueOf(e.getMessage());
        }
        inbox.offerPatiently(new QueueCommand.Loaded(slot, queueId, body, stored, failure, action, onDamaged));
    }

    void onLoaded(QueueCommand.Loaded loaded) {
        int slot = loaded.slot();
        if (scheduler.slotOf(loaded.queueId()) != slot) {
            // It was deleted meanwhile, and the slot may be another message's by now.
            loaded.onDamaged().run();
            return;
        }
        ActiveMessage message = active.get(slot);
        StoredBody stored = loaded.stored();
        if (message == null) {
            if (stored == null) {
                setAside(slot, loaded);
                return;
            }
            message = new ActiveMessage(
                    loaded.queueId(),
                    slot,
                    stored.envelope(),
                    loaded.body(),
                    stored.arrivalMs(),
                    clock.toNs(stored.arrivalMs()),
                    clock.nowNs());
            active.put(message);
            listener.onActive(message);
        }
        loaded.action().accept(message);
    }

    /** What cannot be read is kept for a person to look at, and taken out of the queue: it would fail again each time. */
    private void setAside(int slot, QueueCommand.Loaded loaded) {
        Path kept = spool.quarantine(loaded.queueId(), loaded.body());
        domains.onRemoved(scheduler, slot);
        scheduler.remove(slot);
        active.forgetBody(loaded.queueId());
        listener.onDamaged(loaded.queueId(), loaded.failure() + "; kept as " + kept);
        loaded.onDamaged().run();
    }
}
