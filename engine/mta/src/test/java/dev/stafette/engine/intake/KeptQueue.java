// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.format.TakenOver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue that keeps what it gets, and commits it at once or when it is told to. Thread: any. */
public final class KeptQueue implements IntakeQueue {
    /** A message as it would be stored; content in the wire form, one char a byte. */
    public record Kept(long queueId, Envelope envelope, int bodyFlags, String content, int extentCount) {
        /** Behind the header fields that we put in front, without the dot line. */
        public String body() {
            String text = content.substring(0, content.length() - 3);
            int own = 0;
            do {
                own = text.indexOf("\r\n", own) + 2;
            } while (own < text.length() && text.charAt(own) == '\t');
            return text.substring(own);
        }
    }

    private final AtomicLong ids = new AtomicLong(1L << 60);
    private final Map<Long, SortedMap<Integer, String>> chunks = new ConcurrentHashMap<>();
    private final List<Kept> messages = new CopyOnWriteArrayList<>();
    private final List<CommitListener> waiting = new ArrayList<>();
    private final List<Long> abandoned = new CopyOnWriteArrayList<>();

    public volatile boolean isShort;
    public volatile long roomBytes = Long.MAX_VALUE;
    public volatile boolean isFull;
    public volatile boolean holds;
    public volatile boolean refusesAbandoned;
    public volatile CommitResult result = CommitResult.DURABLE;

    @Override
    public boolean isShortOfSpace() {
        return isShort;
    }

    @Override
    public boolean isTooLarge(long messageBytes) {
        return messageBytes > roomBytes;
    }

    @Override
    public long nextQueueId(long epochMs) {
        return ids.addAndGet(1024);
    }

    /** Domains that ETRN has asked for. */
    public final List<String> flushed = new CopyOnWriteArrayList<>();

    @Override
    public boolean offerFlush(String domain) {
        return !isFull && flushed.add(domain);
    }

    @Override
    public boolean offerChunk(IncomingExtent chunk) {
        if (isFull) {
            return false;
        }
        chunks.computeIfAbsent(chunk.queueId(), id -> new TreeMap<>()).put(chunk.index(), textOf(chunk));
        chunk.release();
        answer(chunk.listener());
        return true;
    }

    @Override
    public boolean offerMessage(IncomingMessage message, IncomingExtent first, @Nullable IncomingExtent rest) {
        if (isFull) {
            return false;
        }
        SortedMap<Integer, String> parts = chunks.computeIfAbsent(message.queueId(), id -> new TreeMap<>());
        chunks.remove(message.queueId());
        parts.put(first.index(), textOf(first));
        first.release();
        if (rest != null) {
            parts.put(rest.index(), textOf(rest));
            rest.release();
        }
        if (result == CommitResult.DURABLE) {
            messages.add(new Kept(
                    message.queueId(),
                    message.envelope(),
                    message.bodyFlags(),
                    String.join("", parts.values()),
                    parts.size()));
        }
        answer(message.listener());
        return true;
    }

    /** What discarded messages would have taken over. */
    public final List<TakenOver> discarded = new CopyOnWriteArrayList<>();

    @Override
    public boolean offerDiscarded(TakenOver takesOver, CommitListener listener) {
        if (isFull) {
            return false;
        }
        discarded.add(takesOver);
        answer(listener);
        return true;
    }

    private static String textOf(IncomingExtent extent) {
        int head = extent.headerBytes();
        return extent.prefix().toString(head, extent.prefix().readableBytes() - head, StandardCharsets.ISO_8859_1)
                + extent.content().toString(StandardCharsets.ISO_8859_1);
    }

    private synchronized void answer(CommitListener listener) {
        if (holds) {
            waiting.add(listener);
        } else {
            CommitResult told = result;
            listener.owner().execute(() -> listener.onCommitted(told));
        }
    }

    /** Commits what was held back. */
    public synchronized void commit() {
        List<CommitListener> all = List.copyOf(waiting);
        waiting.clear();
        CommitResult told = result;
        all.forEach(listener -> listener.owner().execute(() -> listener.onCommitted(told)));
    }

    public synchronized int waitingCount() {
        return waiting.size();
    }

    @Override
    public boolean offerReading(long queueId, Consumer<@Nullable BodySlice> listener) {
        SortedMap<Integer, String> parts = chunks.get(queueId);
        listener.accept(parts == null ? null : KeptText.of(parts.values()));
        return true;
    }

    @Override
    public boolean offerAbandoned(long queueId) {
        if (refusesAbandoned) {
            return false;
        }
        chunks.remove(queueId);
        abandoned.add(queueId);
        return true;
    }

    public List<Kept> messages() {
        return messages;
    }

    public List<Long> abandoned() {
        return abandoned;
    }

    /** Messages of which only a part has come: their chunks by index. */
    public Map<Long, SortedMap<Integer, String>> unfinished() {
        return new TreeMap<>(chunks);
    }
}
