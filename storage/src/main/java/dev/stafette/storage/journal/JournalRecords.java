// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.EnvelopeFormat;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/**
 * What is appended to the generation that is written: a record an event of a message, or several where it does not fit in
 * one. When that generation was abandoned and the next one is not there yet, records wait for it.
 * Thread: queue agent.
 */
public final class JournalRecords {
    /** An envelope longer than this is split. */
    private static final int ENVELOPE_PART_BYTES = 512 << 10;

    /** Recipients that one record takes over. */
    private static final int TAKEN_OVER_MAX = 100_000;

    private static final RecipientState[] NO_STATES = {};

    private final JournalReserve reserve;
    private final JournalTail tail = new JournalTail();

    /** The envelope that is being appended; as large as the largest so far. */
    private final ByteBuf encoded = Unpooled.directBuffer();

    /** What waits for the next generation. */
    private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();

    // Owned by the queue agent.
    private JournalFile file;
    private boolean isSuspended;
    private long durableSequence;
    private long countingSequence;
    private long greatestQueueId;

    JournalRecords(JournalReserve reserve, JournalFile file, long greatestQueueId) {
        this.reserve = reserve;
        this.file = file;
        this.greatestQueueId = greatestQueueId;
    }

    // The generation. ------------------------------------------------------------------------------------------------

    JournalFile file() {
        return file;
    }

    /** Goes on in the next one; what waits comes behind its start, with {@link #resume}. */
    void follow(JournalFile next) {
        file = next;
        isSuspended = false;
        durableSequence = 0;
        countingSequence = 0;
        tail.clear();
    }

    void resume() {
        for (Runnable one = postponed.poll(); one != null; one = postponed.poll()) {
            one.run();
        }
    }

    /** The file is not to be believed any more. */
    void suspend() {
        isSuspended = true;
    }

    boolean areSuspended() {
        return isSuspended;
    }

    void onDurable(long sequence) {
        durableSequence = sequence;
        countingSequence = sequence;
    }

    /** All up to there is on stable storage, be it in a segment. */
    void onInSegment(long sequence) {
        countingSequence = sequence;
    }

    /** The last of the file that is on stable storage. */
    long durableSequence() {
        return durableSequence;
    }

    /** The last that somebody was told to be durable, in the file or in a segment. */
    long countingSequence() {
        return countingSequence;
    }

    /** What was appended since the last batch. */
    JournalTail tail() {
        return tail;
    }

    /** The greatest id that was ever journaled here. */
    long greatestQueueId() {
        return greatestQueueId;
    }

    void close() {
        encoded.release();
        tail.close();
    }

    void start(Map<Long, Ending> endings, List<Long> withdrawn) {
        ByteBuffer out = file.record()
                .begin(JournalRecordType.START, 0)
                .putLong(greatestQueueId)
                .putInt(endings.size());
        endings.forEach(
                (id, ending) -> out.putLong(id).putLong(ending.sequence()).put((byte) (ending.isExact() ? 1 : 0)));
        out.putShort((short) Journal.FORMAT_VERSION);
        out.putInt(withdrawn.size());
        withdrawn.forEach(out::putLong);
        append();
    }

    void checkpointed(OldGeneration.Message message, LiveMessage live) {
        // There is much of it, and nobody waits.
        tail.leaveOut();
        message(JournalRecordType.CHECKPOINTED, message.queueId(), message.arrivalMs(), live, message.envelope());
    }

    /** Returns its sequence. */
    long checkpointEnd() {
        file.record().begin(JournalRecordType.CHECKPOINT_END, 0);
        return append();
    }

    /**
     * No record goes into space that was not reserved: a store there is a SIGBUS on a full disk. When even the ballast is
     * gone, what cannot be journaled stops the process.
     */
    private long append() {
        int length = file.pendingBytes();
        if (!reserve.makeRoom(length)) {
            throw new StorageException(file.directory() + ": no room for a record, and no ballast left");
        }
        long sequence = file.append(durableSequence);
        tail.add(file.record().buffer(), sequence);
        return sequence;
    }

    // Events. --------------------------------------------------------------------------------------------------------

    public void accepted(long queueId, long arrivalMs, Envelope envelope, BodyRef body) {
        if (isSuspended) {
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
        if (isSuspended) {
            postponed.add(() -> takesOver(queueId, takenOver));
            return;
        }
        int count = takenOver.recipients().size();
        int from = 0;
        do {
            int to = Math.min(count, from + TAKEN_OVER_MAX);
            Payload.putTakenOver(takenOver, from, to, file.record().begin(JournalRecordType.TAKES_OVER, queueId));
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
            ByteBuffer part = file.record().begin(JournalRecordType.ENVELOPE_PART, queueId);
            int length = Math.min(envelope.readableBytes(), ENVELOPE_PART_BYTES);
            part.put(envelope.nioBuffer(envelope.readerIndex(), length));
            envelope.skipBytes(length);
            append();
        }
        ByteBuffer out = file.record().begin(type, queueId);
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
        if (isSuspended) {
            postponed.add(() -> attempted(queueId, recipientIndex, state));
            return;
        }
        ByteBuffer out =
                file.record().begin(JournalRecordType.ATTEMPTED, queueId).putInt(recipientIndex);
        Payload.putState(state, out);
        append();
    }

    public void delivered(long queueId, int recipientIndex) {
        if (isSuspended) {
            postponed.add(() -> delivered(queueId, recipientIndex));
            return;
        }
        file.record().begin(JournalRecordType.DELIVERED, queueId).putInt(recipientIndex);
        append();
    }

    public void removed(long queueId) {
        if (isSuspended) {
            postponed.add(() -> removed(queueId));
            return;
        }
        file.record().begin(JournalRecordType.REMOVED, queueId);
        append();
    }

    public void held(long queueId, boolean held) {
        if (isSuspended) {
            postponed.add(() -> held(queueId, held));
            return;
        }
        file.record().begin(JournalRecordType.HELD, queueId).put((byte) (held ? 1 : 0));
        append();
    }

    public void warned(long queueId) {
        if (isSuspended) {
            postponed.add(() -> warned(queueId));
            return;
        }
        file.record().begin(JournalRecordType.WARNED, queueId);
        append();
    }

    public void expiring(long queueId) {
        if (isSuspended) {
            postponed.add(() -> expiring(queueId));
            return;
        }
        file.record().begin(JournalRecordType.EXPIRING, queueId);
        append();
    }

    public void moved(long queueId, BodyRef body) {
        if (isSuspended) {
            postponed.add(() -> moved(queueId, body));
            return;
        }
        Payload.putBody(body, file.record().begin(JournalRecordType.MOVED, queueId));
        append();
    }
}
