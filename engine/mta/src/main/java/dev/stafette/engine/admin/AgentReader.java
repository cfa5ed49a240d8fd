// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.queue.MessageStanding;
import dev.stafette.engine.queue.QueueAsk;
import dev.stafette.engine.queue.QueueShape;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.StoredBodies;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What administration reads of the queue: counts and places from the agent, envelopes and content by a worker.
 * Thread: any.
 */
public final class AgentReader implements QueueReader {
    /** Slots of the index that one slice counts: a good millisecond of the agent's time. */
    private static final int SHAPE_SLOTS_MAX = 10_000;

    private final QueueAsk queue;
    private final StoredBodies bodies;
    private final Executor workers;

    public AgentReader(QueueAsk queue, StoredBodies bodies, Executor workers) {
        this.queue = queue;
        this.bodies = bodies;
        this.workers = workers;
    }

    @Override
    public boolean shape(ShapeQuestion question, long cursor, ShapeListener listener) {
        QueueShape.Question asked = new QueueShape.Question(
                question.senders(),
                queue -> question.queues().contains(AgentQueue.name(queue)),
                question.ageLimitsSeconds().stream()
                        .map(TimeUnit.SECONDS::toNanos)
                        .toList());
        return queue.ask(view -> {
            QueueShape shape = view.shape(asked, cursor, SHAPE_SLOTS_MAX);
            listener.onCounts(shape.counts(), shape.nextCursor());
        });
    }

    @Override
    public boolean message(long queueId, MessageListener listener) {
        return queue.ask(view -> {
            MessageStanding found = view.message(queueId);
            if (found == null) {
                listener.onMessage(null);
                return;
            }
            QueueName name = AgentQueue.name(found.queue());
            Set<Integer> waiting = found.waiting().keySet();
            workers.execute(() -> listener.onMessage(facts(queueId, name, found.body(), waiting)));
        });
    }

    private @Nullable MessageFacts facts(long queueId, QueueName queue, BodyRef body, Set<Integer> waiting) {
        try {
            return new MessageFacts(queue, bodies.readEnvelope(queueId, body), body, waiting);
        } catch (StorageException gone) {
            // It left the queue since it was found.
            return null;
        }
    }

    @Override
    public void content(MessageFacts message, long offset, int limit, ContentListener listener) {
        workers.execute(() -> listener.onContent(read(message, offset, limit)));
    }

    private byte @Nullable [] read(MessageFacts message, long offset, int limit) {
        // Its place may be another message's by now.
        if (facts(message.stored().queueId(), message.queue(), message.body(), message.waiting()) == null) {
            return null;
        }
        try (BodySlice slice = bodies.openBody(message.body())) {
            long skip = offset;
            int part = 0;
            while (part < slice.partCount() && skip >= slice.lengthBytes(part)) {
                skip -= slice.lengthBytes(part++);
            }
            if (part == slice.partCount()) {
                return new byte[0];
            }
            int length = (int) Math.min(limit, slice.lengthBytes(part) - skip);
            ByteBuffer piece = ByteBuffer.allocate(length);
            int read = slice.channel(part).read(piece, slice.position(part) + skip);
            return read <= 0 ? null : Arrays.copyOf(piece.array(), read);
        } catch (IOException | StorageException e) {
            return null;
        }
    }
}
