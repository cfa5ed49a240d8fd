// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
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

    private final DiskSync sync;
    private final DiskTasks disk;
    private final OldGenerations old;
    private final JournalReserve reserve;
    private final Map<Long, Ending> endings = new TreeMap<>();

    /** Messages of older generations that were never accepted, and would take something over if they were read again. */
    private final List<Long> withdrawn = new ArrayList<>();

    /** The envelope that is being appended; as large as the largest so far. */
    private final ByteBuf encoded = Unpooled.directBuffer();

    // Owned by the queue agent.
    private JournalFile current;
    private @Nullable JournalFile next;
    private boolean isMakingNext;

    /** What is not to be believed any more was abandoned, and the next generation is not there yet. */
    private boolean isAbandoned;

    /** Records that wait for the next generation. */
    private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();

    private long checkpointEndSequence;
    private long durableSequence;
    private long greatestQueueId;

    private Journal(
            Path spool,
            int reserveBytes,
            long generationBytes,
            JournalFile current,
            BooleanSupplier ballast,
            DiskSync sync,
            DiskTasks disk) {
        this.spool = spool;
        this.reserveBytes = reserveBytes;
        this.generationBytes = generationBytes;
        this.current = current;
        this.sync = sync;
        this.disk = disk;
        this.old = new OldGenerations(spool, sync, disk, this::onDeleted);
        this.reserve = new JournalReserve(disk, ballast, current);
    }

    /**
     * Opens a fresh generation behind those that the replay has read, and have been accepted as far as it says.
     *
     * @param ballast gives space up for what must be journaled, on any thread; false when there is none left to give
     * @param disk has later ones made, old ones read and deleted, and the reserve filled
     */
    public static Journal open(
            Path spool,
            Replay replay,
            int reserveBytes,
            long generationBytes,
            BooleanSupplier ballast,
            DiskSync sync,
            DiskTasks disk) {
        List<Long> existing = GenerationNames.list(spool);
        long id = existing.isEmpty() ? 1 : existing.get(existing.size() - 1) + 1;
        JournalFile file = JournalFile.create(spool, id, reserveBytes, sync);
        Journal journal = new Journal(spool, reserveBytes, generationBytes, file, ballast, sync, disk);
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
        if (!reserve.makeRoom(length)) {
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
            old.deleteCheckpointed();
        }
    }

    /** Until then their endings are told with each new generation. */
    private void onDeleted(List<Long> ids) {
        endings.keySet().removeAll(ids);
        withdrawn.clear();
    }

    /** Has room made ahead of the end. */
    public void reserve() {
        if (!isAbandoned) {
            reserve.order();
        }
    }

    /** The disk is full, and what is left of the reserve must be kept for outcomes; or nothing can be journaled at all. */
    public boolean isFull() {
        return isAbandoned || reserve.isFull();
    }

    /** Room is being made. */
    public boolean isReserving() {
        return !isAbandoned && reserve.isUnderWay();
    }

    /** There is too little room: sees to it with more haste than {@link #reserve}. */
    public void seekRoom() {
        if (!isAbandoned) {
            reserve.seek(JournalRecord.BYTES_MAX);
        }
    }

    /** Whether any record of the largest size may still be appended. */
    public boolean hasRoom() {
        return !isAbandoned && current.hasRoom(JournalRecord.BYTES_MAX);
    }

    /** Whether a few more outcomes may still be appended. */
    public boolean hasRoomForOutcomes() {
        return !isAbandoned && current.hasRoom(Payload.STATE_BYTES_MAX * 4);
    }

    public void accepted(long queueId, long arrivalMs, Envelope envelope, BodyRef body) {
        if (isAbandoned) {
            postponed.add(() -> accepted(queueId, arrivalMs, envelope, body));
            return;
        }
        greatestQueueId = Math.max(greatestQueueId, queueId);
        encoded.clear();
        EnvelopeFormat.encode(envelope, encoded);
        message(
                JournalRecordType.ACCEPTED,
                queueId,
                arrivalMs,
                new LiveMessage(body, body.isHeld(), false, false, NO_STATES),
                encoded);
    }

    /** To be followed by {@link #accepted} of the same message: what it says holds with that. */
    public void takesOver(long queueId, TakenOver takenOver) {
        if (isAbandoned) {
            postponed.add(() -> takesOver(queueId, takenOver));
            return;
        }
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
        if (isAbandoned) {
            postponed.add(() -> attempted(queueId, recipientIndex, state));
            return;
        }
        ByteBuffer out =
                current.record().begin(JournalRecordType.ATTEMPTED, queueId).putInt(recipientIndex);
        Payload.putState(state, out);
        append();
    }

    public void delivered(long queueId, int recipientIndex) {
        if (isAbandoned) {
            postponed.add(() -> delivered(queueId, recipientIndex));
            return;
        }
        current.record().begin(JournalRecordType.DELIVERED, queueId).putInt(recipientIndex);
        append();
    }

    public void removed(long queueId) {
        if (isAbandoned) {
            postponed.add(() -> removed(queueId));
            return;
        }
        current.record().begin(JournalRecordType.REMOVED, queueId);
        append();
    }

    public void held(long queueId, boolean held) {
        if (isAbandoned) {
            postponed.add(() -> held(queueId, held));
            return;
        }
        current.record().begin(JournalRecordType.HELD, queueId).put((byte) (held ? 1 : 0));
        append();
    }

    public void warned(long queueId) {
        if (isAbandoned) {
            postponed.add(() -> warned(queueId));
            return;
        }
        current.record().begin(JournalRecordType.WARNED, queueId);
        append();
    }

    public void expiring(long queueId) {
        if (isAbandoned) {
            postponed.add(() -> expiring(queueId));
            return;
        }
        current.record().begin(JournalRecordType.EXPIRING, queueId);
        append();
    }

    public void moved(long queueId, BodyRef body) {
        if (isAbandoned) {
            postponed.add(() -> moved(queueId, body));
            return;
        }
        Payload.putBody(body, current.record().begin(JournalRecordType.MOVED, queueId));
        append();
    }

    /** Whether the current generation is large enough, and the older ones are gone. */
    public boolean wantsRotation() {
        return current.sizeBytes() > generationBytes && old.areGone() && !isAbandoned;
    }

    /** Has the next generation made; nothing when it is there or on its way. */
    public void makeNext() {
        if (next != null || isMakingNext) {
            return;
        }
        isMakingNext = true;
        long id = current.id() + 1;
        disk.submit(() -> {
            JournalFile made = JournalFile.create(spool, id, reserveBytes, sync);
            return () -> onMade(made);
        });
    }

    private void onMade(JournalFile made) {
        isMakingNext = false;
        next = made;
        if (isAbandoned) {
            begin(made);
        }
    }

    public boolean hasNext() {
        return next != null;
    }

    private void begin(JournalFile made) {
        current = made;
        reserve.follow(made);
        next = null;
        isAbandoned = false;
        durableSequence = 0;
        start();
        for (Runnable one = postponed.poll(); one != null; one = postponed.poll()) {
            one.run();
        }
    }

    /** Goes on in the next generation. The caller closes the returned one when its last batch has been forced. */
    public JournalFile rotate() {
        JournalFile made = next;
        if (made == null) {
            throw new IllegalStateException("the next generation has not been made");
        }
        JournalFile previous = current;
        endings.put(previous.id(), new Ending(durableSequence, false));
        old.addAll(List.of(previous.id()));
        begin(made);
        return previous;
    }

    /**
     * After a failed sync: what the file holds behind its last durable record is not to be believed. The caller closes it.
     * Until the next generation is there, what is to be journaled waits.
     */
    public JournalFile abandonCurrent() {
        JournalFile previous = current;
        endings.put(previous.id(), new Ending(durableSequence, true));
        // One that ended within the failed batch is no better.
        endings.replaceAll((id, ending) -> new Ending(ending.sequence(), true));
        checkpointEndSequence = 0;
        old.readAgain();
        old.addAll(List.of(previous.id()));
        isAbandoned = true;
        JournalFile made = next;
        if (made == null) {
            makeNext();
        } else {
            begin(made);
        }
        return previous;
    }

    /** Nothing can be journaled until the next generation has been made. */
    public boolean isAbandoned() {
        return isAbandoned;
    }

    /**
     * Writes a checkpoint of what is alive in old generations into the current one, in slices. Returns how many messages it
     * looked at; 0 also while some are being read, or room is being made.
     */
    public int checkpoint(CheckpointSource source, int limit) {
        int count = 0;
        while (count < limit && !isFull() && !(isReserving() && !hasRoom()) && old.hasPage()) {
            OldGeneration.Message message = old.next();
            if (message != null) {
                checkpointOne(message, source);
            } else if (old.areRead()) {
                current.record().begin(JournalRecordType.CHECKPOINT_END, 0);
                checkpointEndSequence = append();
            }
            count++;
        }
        return count;
    }

    /** Nothing that is alive is in old generations alone, once what is written is durable. */
    public boolean isCheckpointed() {
        return old.areRead();
    }

    private void checkpointOne(OldGeneration.Message message, CheckpointSource source) {
        LiveMessage live = source.current(message.queueId());
        if (live != null) {
            message(JournalRecordType.CHECKPOINTED, message.queueId(), message.arrivalMs(), live, message.envelope());
        }
    }

    @Override
    public void close() {
        try {
            old.close();
        } catch (IOException e) {
            throw new StorageException("an old generation could not be closed: " + e.getMessage(), e);
        }
        current.close();
        if (next != null) {
            next.close();
        }
        encoded.release();
    }
}
