// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.storage.Spool;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.StorageException;
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
    private final QueueState state;
    private final Executor workers;
    private final QueueInbox inbox;
    private final QueueListener listener;
    private final QueueClock clock;

    // Owned by the queue agent: who waits for a message that is being read, by its id.
    private final Long2ObjectHashMap<List<Waiting>> loading = new Long2ObjectHashMap<>();

    private record Waiting(Consumer<ActiveMessage> action, Runnable onDamaged) {}

    MessageLoader(QueueParts parts, Spool spool, QueueState state, QueueClock clock) {
        this.spool = spool;
        this.state = state;
        this.workers = parts.workers();
        this.inbox = parts.inbox();
        this.listener = parts.listener();
        this.clock = clock;
    }

    /** Runs the action with the message, now or later; never, when the message turns out to be damaged or is deleted. */
    void withMessage(int slot, Consumer<ActiveMessage> action) {
        withMessage(slot, action, () -> {});
    }

    /** Runs one of the two, now or later; {@code onDamaged} when the message is out of the index by then. */
    void withMessage(int slot, Consumer<ActiveMessage> action, Runnable onDamaged) {
        ActiveMessage message = state.active().get(slot);
        if (message != null) {
            action.accept(message);
            return;
        }
        long queueId = state.scheduler().view().queueId(slot);
        Waiting waiting = new Waiting(action, onDamaged);
        List<Waiting> others = loading.get(queueId);
        if (others != null) {
            others.add(waiting);
            return;
        }
        loading.put(queueId, new ArrayList<>(List.of(waiting)));
        BodyRef body = state.body(slot);
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
        StoredBody stored = loaded.stored();
        if (stored == null && isThere(loaded.slot(), loaded.queueId())) {
            // What cannot be read is kept for a person to look at. Who waits for it goes on waiting.
            workers.execute(() -> keep(loaded));
            return;
        }
        List<Waiting> waiting = loading.remove(loaded.queueId());
        if (waiting == null) {
            return;
        }
        int slot = loaded.slot();
        if (stored == null || !isThere(slot, loaded.queueId())) {
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
            if (isThere(slot, loaded.queueId())) {
                state.active().put(message);
                one.action().accept(message);
            } else {
                one.onDamaged().run();
            }
        }
    }

    /** False: it was deleted meanwhile, and the slot may be another message's by now. */
    private boolean isThere(int slot, long queueId) {
        return state.scheduler().view().slotOf(queueId) == slot;
    }

    /** On a worker. */
    private void keep(QueueCommand.Loaded damaged) {
        String kept;
        boolean isKept;
        try {
            kept = damaged.failure() + "; kept as " + spool.keepDamaged(damaged.queueId(), damaged.body());
            isKept = true;
        } catch (StorageException e) {
            kept = String.valueOf(e.getMessage());
            isKept = false;
        }
        inbox.offerPatiently(new QueueCommand.SetAside(damaged.slot(), damaged.queueId(), isKept, kept));
    }

    /** It leaves the queue: it would fail again each time. Without a copy it would be gone for good. */
    void onSetAside(QueueCommand.SetAside damaged) {
        if (!damaged.isKept()) {
            throw new StorageException(damaged.text());
        }
        if (isThere(damaged.slot(), damaged.queueId())) {
            state.remove(damaged.slot());
            listener.onDamaged(damaged.queueId(), damaged.text());
        }
        List<Waiting> waiting = loading.remove(damaged.queueId());
        if (waiting != null) {
            waiting.forEach(one -> one.onDamaged().run());
        }
    }
}
