// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.StorageException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
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
    static final int FORMAT_VERSION = 3;

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

    private final JournalRecords records;

    // Owned by the queue agent.
    private @Nullable JournalFile next;
    private boolean isMakingNext;

    private long checkpointEndSequence;

    private Journal(
            Path spool,
            Replay replay,
            int reserveBytes,
            long generationBytes,
            JournalFile first,
            BooleanSupplier ballast,
            DiskSync sync,
            DiskTasks disk) {
        this.spool = spool;
        this.reserveBytes = reserveBytes;
        this.generationBytes = generationBytes;
        this.sync = sync;
        this.disk = disk;
        this.old = new OldGenerations(spool, sync, disk, this::onDeleted);
        this.reserve = new JournalReserve(disk, ballast, first);
        this.records = new JournalRecords(reserve, first, replay.lastQueueId());
        endings.putAll(replay.endings());
        withdrawn.addAll(replay.withdrawn());
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
        Journal journal = new Journal(spool, replay, reserveBytes, generationBytes, file, ballast, sync, disk);
        journal.old.addAll(existing);
        journal.records.start(journal.endings, journal.withdrawn);
        return journal;
    }

    /** What is appended to it. */
    public JournalRecords records() {
        return records;
    }

    /** The file that the records since the last batch went to. */
    public JournalFile current() {
        return records.file();
    }

    /** The greatest id that was ever journaled here. */
    public long greatestQueueId() {
        return records.greatestQueueId();
    }

    /** The last record's sequence in {@link #current}. */
    public long lastSequence() {
        return records.file().lastSequence();
    }

    /** Whether the records since the last batch may be synced in a segment, before the journal is. */
    public boolean mayRestOnSegment() {
        // A generation's START must be found in its file.
        return records.durableSequence() > 0 && records.tail().isWhole() && !isAbandoned();
    }

    /** Length of the records since the last batch, as {@link #takeTail} would return them; 0: there are none. */
    public int tailBytes() {
        return records.tail().isEmpty() ? 0 : records.tail().lengthBytes();
    }

    /** The records since the last batch, for a segment. To be released before the next batch but one. */
    public ByteBuf takeTail() {
        return records.tail().take(current().id());
    }

    /** The records since the last batch are synced in the file. */
    public void leaveTail() {
        records.tail().clear();
    }

    /** All up to the sequence of the current generation is on stable storage in segments. */
    public void onInSegment(long sequence) {
        records.onInSegment(sequence);
    }

    /**
     * All up to the sequence of that generation is on stable storage.
     *
     * @param endedDurably a generation that is on stable storage as a whole with it; null when there is none
     */
    public void onDurable(JournalFile file, long sequence, @Nullable JournalFile endedDurably) {
        if (file != records.file()) {
            return;
        }
        records.onDurable(sequence);
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
        if (!isAbandoned()) {
            reserve.order();
        }
    }

    /** The disk is full, and what is left of the reserve must be kept for outcomes; or nothing can be journaled at all. */
    public boolean isFull() {
        return isAbandoned() || reserve.isFull();
    }

    /** Room is being made. */
    public boolean isReserving() {
        return !isAbandoned() && reserve.isUnderWay();
    }

    /** There is too little room: sees to it with more haste than {@link #reserve}. */
    public void seekRoom() {
        if (!isAbandoned()) {
            reserve.seek(JournalRecord.BYTES_MAX);
        }
    }

    /** Whether any record of the largest size may still be appended. */
    public boolean hasRoom() {
        return !isAbandoned() && current().hasRoom(JournalRecord.BYTES_MAX);
    }

    /** Whether a few more outcomes may still be appended. */
    public boolean hasRoomForOutcomes() {
        return !isAbandoned() && current().hasRoom(Payload.STATE_BYTES_MAX * 4);
    }

    /** Whether the current generation is large enough, and the older ones are gone. */
    public boolean wantsRotation() {
        return current().sizeBytes() > generationBytes && old.areGone() && !isAbandoned();
    }

    /** Has the next generation made; nothing when it is there or on its way. */
    public void makeNext() {
        if (next != null || isMakingNext) {
            return;
        }
        isMakingNext = true;
        long id = current().id() + 1;
        disk.submit(() -> {
            JournalFile made = JournalFile.create(spool, id, reserveBytes, sync);
            return () -> onMade(made);
        });
    }

    private void onMade(JournalFile made) {
        isMakingNext = false;
        next = made;
        if (isAbandoned()) {
            begin(made);
        }
    }

    public boolean hasNext() {
        return next != null;
    }

    private void begin(JournalFile made) {
        reserve.follow(made);
        records.follow(made);
        next = null;
        records.start(endings, withdrawn);
        records.resume();
    }

    /** Goes on in the next generation. The caller closes the returned one when its last batch has been forced. */
    public JournalFile rotate() {
        JournalFile made = next;
        if (made == null) {
            throw new IllegalStateException("the next generation has not been made");
        }
        JournalFile previous = current();
        endings.put(previous.id(), new Ending(records.countingSequence(), false));
        old.addAll(List.of(previous.id()));
        begin(made);
        return previous;
    }

    /**
     * After a failed sync: what the file holds behind its last durable record is not to be believed. The caller closes it.
     * Until the next generation is there, what is to be journaled waits.
     */
    public JournalFile abandonCurrent() {
        JournalFile previous = current();
        endings.put(previous.id(), new Ending(records.countingSequence(), true));
        // One that ended within the failed batch is no better.
        endings.replaceAll((id, ending) -> new Ending(ending.sequence(), true));
        checkpointEndSequence = 0;
        old.readAgain();
        old.addAll(List.of(previous.id()));
        records.suspend();
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
        return records.areSuspended();
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
                checkpointEndSequence = records.checkpointEnd();
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
            records.checkpointed(message, live);
        }
    }

    @Override
    public void close() {
        try {
            old.close();
        } catch (IOException e) {
            throw new StorageException("an old generation could not be closed: " + e.getMessage(), e);
        }
        current().close();
        if (next != null) {
            next.close();
        }
        records.close();
    }
}
