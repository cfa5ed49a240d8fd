// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.queue.MessageQueue;
import dev.stafette.engine.queue.MessageStanding;
import dev.stafette.engine.queue.QueueAsk;
import dev.stafette.engine.queue.QueueShape;
import dev.stafette.engine.queue.Reason;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.StoredBodies;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What administration asks of the queue, asked of the agent in slices: facts are taken on the agent's thread, and the
 * envelopes and content that belong to them are read on a worker, so that no delivery is held up.
 * Thread: any; the answers come on whatever thread has them.
 *
 * <p>What returns false was not asked: the agent is too busy, ask again.
 */
public final class AdministeredQueue {
    /** Where a walk over the queue begins. */
    static final long FIRST = 0;

    private final QueueAsk queue;
    private final StoredBodies bodies;
    private final Executor workers;
    private final Supplier<String> nobody;
    private final Slices slices;

    /** Slots of the index that one slice of a flush, and one of a count, looks at. Thread: any (a value). */
    record Slices(int flushSlots, int shapeSlots) {
        /** A good millisecond of the agent's time. */
        static final Slices OURS = new Slices(4096, 10_000);
    }

    /** {@code nobody}: what is shown for the null sender ({@code empty_address_recipient}). */
    public AdministeredQueue(QueueAsk queue, StoredBodies bodies, Executor workers, Supplier<String> nobody) {
        this(queue, bodies, workers, nobody, Slices.OURS);
    }

    AdministeredQueue(QueueAsk queue, StoredBodies bodies, Executor workers, Supplier<String> nobody, Slices slices) {
        this.queue = queue;
        this.bodies = bodies;
        this.workers = workers;
        this.nobody = nobody;
        this.slices = slices;
    }

    /** Makes every deferred recipient due now and every dead destination alive. */
    boolean flush() {
        return queue.ask(view -> view.flush());
    }

    /** The same for one message; {@code listener} hears whether there is such a message. */
    boolean flush(long queueId, Consumer<Boolean> listener) {
        return queue.ask(view -> listener.accept(view.flush(queueId)));
    }

    /**
     * The same for the next messages behind {@code cursor} with a recipient in this domain; {@code listener} hears where to
     * go on, {@link QueuePage#END} when that was all.
     */
    boolean flushDomain(String domain, long cursor, LongConsumer listener) {
        return queue.ask(view -> listener.accept(view.flushDomain(cursor, slices.flushSlots(), domain)));
    }

    /**
     * Reads the next messages of the queue, at most {@code limit}, behind {@code cursor}: {@link #FIRST}, or what the
     * page before gave. Messages that come or go between two pages may be missed or not.
     */
    boolean list(long cursor, int limit, Consumer<QueuePage> listener) {
        return queue.ask(view -> {
            List<MessageStanding> found = new ArrayList<>();
            long cursorAfter = view.list(cursor, limit, found::add);
            long workCount = view.workCount();
            workers.execute(() -> listener.accept(new QueuePage(messages(found), cursorAfter, workCount)));
        });
    }

    static QueueName name(MessageQueue queue) {
        return switch (queue) {
            case ACTIVE -> QueueName.ACTIVE;
            case DEFERRED -> QueueName.DEFERRED;
            case HOLD -> QueueName.HOLD;
        };
    }

    /** On a worker. */
    private List<QueuedMessage> messages(List<MessageStanding> found) {
        List<QueuedMessage> messages = new ArrayList<>(found.size());
        for (MessageStanding one : found) {
            try {
                messages.add(message(one, bodies.readEnvelope(one.queueId(), one.body())));
            } catch (StorageException gone) {
                // It left the queue since the page was taken.
            }
        }
        return messages;
    }

    private QueuedMessage message(MessageStanding found, StoredBody stored) {
        String sender = stored.envelope().sender().external();
        List<EnvelopeRecipient> all = stored.envelope().recipients();
        List<QueuedRecipient> waiting = new ArrayList<>(found.waiting().size());
        found.waiting()
                .forEach((index, reason) -> waiting.add(new QueuedRecipient(
                        all.get(index).address().external(),
                        all.get(index).givenAddress(),
                        reason.isEmpty() ? null : Reason.decode(reason).text())));
        return new QueuedMessage(
                name(found.queue()),
                QueueId.format(found.queueId()),
                stored.arrivalMs(),
                found.body().sizeBytes(),
                found.expiring(),
                sender.isEmpty() ? nobody.get() : sender,
                waiting);
    }

    /** Counts the next messages behind {@code cursor}. */
    boolean shape(AdminRequest.CountDomains question, long cursor, Consumer<QueueShape> listener) {
        QueueShape.Question asked = new QueueShape.Question(
                question.senders(),
                queue -> question.queues().contains(name(queue)),
                question.ageLimitsSeconds().stream()
                        .map(TimeUnit.SECONDS::toNanos)
                        .toList());
        return queue.ask(view -> listener.accept(view.shape(asked, cursor, slices.shapeSlots())));
    }

    /** Hears what is known of a message; null when there is none. */
    interface MessageListener {
        void onMessage(@Nullable QueuedEnvelope message);
    }

    /** Looks a message up and reads its envelope. */
    boolean message(long queueId, MessageListener listener) {
        return queue.ask(view -> {
            MessageStanding found = view.message(queueId);
            if (found == null) {
                listener.onMessage(null);
                return;
            }
            QueueName name = name(found.queue());
            Set<Integer> waiting = found.waiting().keySet();
            workers.execute(() -> listener.onMessage(facts(queueId, name, found.body(), waiting)));
        });
    }

    private @Nullable QueuedEnvelope facts(long queueId, QueueName queue, BodyRef body, Set<Integer> waiting) {
        try {
            return new QueuedEnvelope(queue, bodies.readEnvelope(queueId, body), body, waiting);
        } catch (StorageException gone) {
            // It left the queue since it was found.
            return null;
        }
    }

    /** Hears a piece of content in its stored form, empty at the end; null: the message has left the queue. */
    interface ContentListener {
        void onContent(byte @Nullable [] content);
    }

    /** Reads content from {@code offset} on, at most {@code limit} bytes; waits for the disk elsewhere. */
    void content(QueuedEnvelope message, long offset, int limit, ContentListener listener) {
        workers.execute(() -> listener.onContent(read(message, offset, limit)));
    }

    private byte @Nullable [] read(QueuedEnvelope message, long offset, int limit) {
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
