// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.EnvelopeFormat;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The journal as a whole: the generation that is written, and older ones until what is alive in them has been checkpointed
 * into it.
 * Thread: queue agent.
 */
public final class Journal implements AutoCloseable {
    /**
     * Of records and what is in them. A later one is refused, as it may mean what is not known here: a program that goes on
     * without it would lose mail. To be raised with each change that an older program would misread.
     */
    static final int FORMAT_VERSION = 2;

    /** An envelope longer than this is split. */
    private static final int ENVELOPE_PART_BYTES = 512 << 10;

    /** Recipients that one record takes over. */
    private static final int TAKEN_OVER_MAX = 100_000;

    private static final RecipientState[] NO_STATES = {};

    private final Path spool;
    private final int reserveBytes;
    private final long generationBytes;

    /** Gives space up for what must be journaled; false when there is none left to give. */
    private final BooleanSupplier ballast;

    private final ArrayDeque<Long> old = new ArrayDeque<>();
    private final Map<Long, Ending> endings = new TreeMap<>();

    /** Messages of older generations that were never accepted, and would take something over if they were read again. */
    private final List<Long> withdrawn = new ArrayList<>();

    /** The envelope that is being appended; as large as the largest so far. */
    private final ByteBuf encoded = Unpooled.directBuffer();

    private final Long2ObjectHashMap<ByteBuf> parts = new Long2ObjectHashMap<>();

    // Owned by the queue agent.
    private JournalFile current;
    private @Nullable JournalScan checkpointScan;
    private final ArrayDeque<Long> checkpointed = new ArrayDeque<>();
    private long checkpointEndSequence;
    private long durableSequence;
    private long greatestQueueId;
    private boolean full;

    private Journal(Path spool, int reserveBytes, long generationBytes, JournalFile current, BooleanSupplier ballast) {
        this.ballast = ballast;
        this.spool = spool;
        this.reserveBytes = reserveBytes;
        this.generationBytes = generationBytes;
        this.current = current;
    }

    /** Opens a fresh generation behind those that the replay has read, and have been accepted as far as it says. */
    public static Journal open(
            Path spool, Replay replay, int reserveBytes, long generationBytes, BooleanSupplier ballast) {
        List<Long> existing = GenerationNames.list(spool);
        long id = existing.isEmpty() ? 1 : existing.get(existing.size() - 1) + 1;
        JournalFile file = JournalFile.create(spool, id, reserveBytes);
        Journal journal = new Journal(spool, reserveBytes, generationBytes, file, ballast);
        journal.old.addAll(existing);
        journal.greatestQueueId = replay.lastQueueId();
        journal.endings.putAll(replay.endings());
        journal.withdrawn.addAll(replay.withdrawn());
        journal.start();
        return journal;
    }

    private void start() {
        ByteBuffer out = current.record()
                .begin(JournalRecordType.START, 0)
                .putLong(greatestQueueId)
                .putInt(endings.size());
        endings.forEach(
                (id, ending) -> out.putLong(id).putLong(ending.sequence()).put((byte) (ending.isExact() ? 1 : 0)));
        out.putShort((short) FORMAT_VERSION);
        out.putInt(withdrawn.size());
        withdrawn.forEach(out::putLong);
        append();
    }

    /**
     * No record goes into space that was not reserved: a store there is a SIGBUS on a full disk. When even the ballast is
     * gone, what cannot be journaled stops the process.
     */
    private long append() {
        int length = current.pendingBytes();
        if (!current.hasRoom(length) && !tryReserve() && ballast.getAsBoolean()) {
            tryReserve();
        }
        if (!current.hasRoom(length)) {
            throw new StorageException(current.directory() + ": no room for a record, and no ballast left");
        }
        return current.append(durableSequence);
    }

    /** The file that the records since the last batch went to. */
    public JournalFile current() {
        return current;
    }

    /** The greatest id that was ever journaled here. */
    public long greatestQueueId() {
        return greatestQueueId;
    }

    /** The last record's sequence in {@link #current}. */
    public long lastSequence() {
        return current.lastSequence();
    }

    /**
     * All up to the sequence of that generation is on stable storage.
     *
     * @param endedDurably a generation that is on stable storage as a whole with it; null when there is none
     */
    public void onDurable(JournalFile file, long sequence, @Nullable JournalFile endedDurably) {
        if (file != current) {
            return;
        }
        durableSequence = sequence;
        if (endedDurably != null) {
            endings.put(endedDurably.id(), new Ending(endedDurably.lastSequence(), true));
        }
        if (checkpointEndSequence > 0 && sequence >= checkpointEndSequence) {
            checkpointEndSequence = 0;
            for (long id : checkpointed) {
                endings.remove(id);
                GenerationNames.delete(spool, id);
            }
            checkpointed.clear();
            withdrawn.clear();
        }
    }

    /**
     * Makes room ahead of the end; false when the disk is full and what is left of the reserve must be kept for outcomes.
     */
    public boolean tryReserve() {
        try {
            current.reserve();
            full = false;
        } catch (IOException e) {
            full = true;
        }
        return !full;
    }

    /** Whether any record of the largest size may still be appended. */
    public boolean hasRoom() {
        return current.hasRoom(JournalRecord.BYTES_MAX);
    }

    /** Whether a few more outcomes may still be appended. */
    public boolean hasRoomForOutcomes() {
        return current.hasRoom(Payload.STATE_BYTES_MAX * 4);
    }

    public void accepted(long queueId, long arrivalMs, Envelope envelope, BodyRef body) {
        greatestQueueId = Math.max(greatestQueueId, queueId);
        encoded.clear();
        EnvelopeFormat.encode(envelope, encoded);
        message(
                JournalRecordType.ACCEPTED,
                queueId,
                arrivalMs,
                new LiveMessage(body, false, false, false, NO_STATES),
                encoded);
    }

    /** To be followed by {@link #accepted} of the same message: what it says holds with that. */
    public void takesOver(long queueId, TakenOver takenOver) {
        int count = takenOver.recipients().size();
        int from = 0;
        do {
            int to = Math.min(count, from + TAKEN_OVER_MAX);
            Payload.putTakenOver(takenOver, from, to, current.record().begin(JournalRecordType.TAKES_OVER, queueId));
            append();
            from = to;
        } while (from < count);
    }

    private void message(JournalRecordType type, long queueId, long arrivalMs, LiveMessage message, ByteBuf envelope) {
        int rest = JournalRecord.BYTES_MAX
                - JournalRecord.FRAME_BYTES
                - 64
                - message.body().extentCount() * Payload.EXTENT_BYTES
                - statesBytes(message.states());
        while (envelope.readableBytes() > Math.max(0, Math.min(rest, ENVELOPE_PART_BYTES))) {
            ByteBuffer part = current.record().begin(JournalRecordType.ENVELOPE_PART, queueId);
            int length = Math.min(envelope.readableBytes(), ENVELOPE_PART_BYTES);
            part.put(envelope.nioBuffer(envelope.readerIndex(), length));
            envelope.skipBytes(length);
            append();
        }
        ByteBuffer out = current.record().begin(type, queueId);
        out.putLong(arrivalMs).put(Payload.marks(message));
        Payload.putBody(message.body(), out);
        int inline = rest < 0 ? 0 : message.states().length;
        out.putInt(inline);
        for (int i = 0; i < inline; i++) {
            Payload.putState(message.states()[i], out);
        }
        if (envelope.isReadable()) {
            out.put(envelope.nioBuffer());
        }
        append();
        // States that do not fit beside their message follow one by one.
        for (int i = inline; i < message.states().length; i++) {
            attempted(queueId, i, message.states()[i]);
        }
    }

    private static int statesBytes(RecipientState[] states) {
        int sum = 0;
        for (RecipientState state : states) {
            sum += 24
                    + 3 * state.reply().length()
                    + (state.remoteMta() == null ? 0 : 3 * state.remoteMta().length());
        }
        return sum;
    }

    public void attempted(long queueId, int recipientIndex, RecipientState state) {
        ByteBuffer out =
                current.record().begin(JournalRecordType.ATTEMPTED, queueId).putInt(recipientIndex);
        Payload.putState(state, out);
        append();
    }

    public void delivered(long queueId, int recipientIndex) {
        current.record().begin(JournalRecordType.DELIVERED, queueId).putInt(recipientIndex);
        append();
    }

    public void removed(long queueId) {
        current.record().begin(JournalRecordType.REMOVED, queueId);
        append();
    }

    public void held(long queueId, boolean held) {
        current.record().begin(JournalRecordType.HELD, queueId).put((byte) (held ? 1 : 0));
        append();
    }

    public void expiring(long queueId) {
        current.record().begin(JournalRecordType.EXPIRING, queueId);
        append();
    }

    public void moved(long queueId, BodyRef body) {
        Payload.putBody(body, current.record().begin(JournalRecordType.MOVED, queueId));
        append();
    }

    /** Whether the current generation is large enough, and the older ones are checkpointed. */
    public boolean wantsRotation() {
        return current.sizeBytes() > generationBytes && old.isEmpty() && checkpointed.isEmpty();
    }

    /** Opens the next generation. The caller closes the returned one when its last batch has been forced. */
    public JournalFile rotate() {
        JournalFile previous = current;
        JournalFile next = JournalFile.create(spool, previous.id() + 1, reserveBytes);
        current = next;
        endings.put(previous.id(), new Ending(durableSequence, false));
        durableSequence = 0;
        old.add(previous.id());
        start();
        return previous;
    }

    /** After a failed sync: what the file holds behind its last durable record is not to be believed. */
    public JournalFile abandonCurrent() {
        JournalFile previous = current;
        endings.put(previous.id(), new Ending(durableSequence, true));
        // One that ended within the failed batch is no better.
        endings.replaceAll((id, ending) -> new Ending(ending.sequence(), true));
        current = JournalFile.create(spool, previous.id() + 1, reserveBytes);
        durableSequence = 0;
        checkpointEndSequence = 0;
        old.addAll(checkpointed);
        checkpointed.clear();
        old.add(previous.id());
        stopCheckpoint();
        start();
        return previous;
    }

    /** Writes a checkpoint of what is alive in old generations into the current one, in slices. Returns how many records it looked at. */
    public int checkpoint(CheckpointSource source, int limit) {
        if (old.isEmpty() || full) {
            return 0;
        }
        int count = 0;
        while (count < limit && !old.isEmpty()) {
            JournalScan scan = nextToCheckpoint();
            if (scan == null) {
                checkpointed.add(old.remove());
            } else {
                checkpointOne(scan, source);
            }
            count++;
        }
        if (old.isEmpty()) {
            current.record().begin(JournalRecordType.CHECKPOINT_END, 0);
            checkpointEndSequence = append();
            count++;
        }
        return count;
    }

    /** The scan of the oldest generation, at its next record; null when it has no more, or cannot be read. */
    private @Nullable JournalScan nextToCheckpoint() {
        try {
            JournalScan scan = checkpointScan;
            if (scan == null) {
                scan = JournalScan.open(
                        spool.resolve(GenerationNames.directory(old.element())).resolve(GenerationNames.FILE));
                checkpointScan = scan;
            }
            if (scan.next()) {
                return scan;
            }
        } catch (IOException e) {
            // The replay has reported it and kept a copy.
        }
        stopCheckpoint();
        return null;
    }

    private void stopCheckpoint() {
        JournalScan scan = checkpointScan;
        checkpointScan = null;
        if (scan != null) {
            try {
                scan.close();
            } catch (IOException e) {
                throw new StorageException("an old generation could not be closed: " + e.getMessage(), e);
            }
        }
    }

    private void checkpointOne(JournalScan scan, CheckpointSource source) {
        long queueId = scan.queueId();
        JournalRecordType type = scan.type();
        if (type == JournalRecordType.ENVELOPE_PART) {
            parts.computeIfAbsent(queueId, id -> Unpooled.buffer()).writeBytes(scan.payload());
            return;
        }
        if (type != JournalRecordType.ACCEPTED && type != JournalRecordType.CHECKPOINTED) {
            return;
        }
        ByteBuf first = parts.remove(queueId);
        LiveMessage live = source.current(queueId);
        if (live == null) {
            return;
        }
        ByteBuffer payload = scan.payload();
        long arrivalMs = payload.getLong();
        payload.get();
        Payload.getBody(payload);
        for (int n = payload.getInt(); n > 0; n--) {
            Payload.getState(payload);
        }
        ByteBuf rest = Unpooled.wrappedBuffer(payload);
        message(
                JournalRecordType.CHECKPOINTED,
                queueId,
                arrivalMs,
                live,
                first == null ? rest : Unpooled.wrappedBuffer(first, rest));
    }

    @Override
    public void close() {
        stopCheckpoint();
        current.close();
        encoded.release();
    }
}
