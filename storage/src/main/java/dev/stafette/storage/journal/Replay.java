// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.EnvelopeFormat;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the generations of a spool again, oldest first, and tells a listener what they say. Idempotent: a message that
 * two generations hold is told twice, and the later state wins.
 * Thread: start-up only.
 *
 * <p>The end of a generation is its first missing sequence, unless something proves that the missing record was durable
 * once: a later record that calls it so, or the next generation's START. Then the file is damaged: what is whole is
 * used, and a copy of the file goes to {@code corrupt/}.
 */
public final class Replay {
    /** Accepted messages, the last of the journal, that nothing proves durable: their bodies are looked at. */
    public record Unproven(long queueId, BodyRef body, long sequence, List<TakenOver> takesOver) {}

    private final Path spool;
    private final RecoveryListener listener;
    private final TailSource tails;
    private final boolean changesNothing;
    private final Long2ObjectHashMap<ByteBuf> envelopeParts = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<List<TakenOver>> takenOver = new Long2ObjectHashMap<>();
    /** Of the generation that is being read, and of those before it. */
    private final ArrayDeque<Unproven> unproven = new ArrayDeque<>();

    private final ArrayDeque<Unproven> unprovenBefore = new ArrayDeque<>();
    private final Set<Long> withdrawn = new HashSet<>();
    private long lastQueueId;
    private final Map<Long, Ending> endings = new HashMap<>();
    private int damagedCount;

    /** Behind the last body that is in the journal. */
    private int endSegment;

    private int endOffset;

    public Replay(Path spool, RecoveryListener listener, TailSource tails) {
        this(spool, listener, tails, false);
    }

    private Replay(Path spool, RecoveryListener listener, TailSource tails, boolean changesNothing) {
        this.spool = spool;
        this.listener = listener;
        this.tails = tails;
        this.changesNothing = changesNothing;
    }

    /** For a look at a spool that is not ours: damage is told of, and nothing is copied or synced. */
    public static Replay withoutChanges(Path spool, RecoveryListener listener, TailSource tails) {
        return new Replay(spool, listener, tails, true);
    }

    public void run() {
        List<Long> ids = GenerationNames.list(spool);
        // What the youngest says of an older one's end stands. Nothing is changed before all of them can be understood.
        ids.forEach(this::readStart);
        for (long id : ids) {
            takenOver.clear();
            Ending told = endings.getOrDefault(id, Ending.UNKNOWN);
            replay(id, told);
            // When the next generation begins, the last batch of this one may not even have been written.
            forgetProven(told.sequence());
            unprovenBefore.addAll(unproven);
            unproven.clear();
        }
        // What was read may be in the page cache alone. The next START will call it durable, so it has to be.
        for (long id : changesNothing ? List.<Long>of() : ids) {
            sync(file(id));
        }
    }

    private static void sync(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (NoSuchFileException gone) {
            // The replay has reported it.
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be synced: " + e.getMessage(), e);
        }
    }

    private void readStart(long id) {
        try (JournalScan scan = JournalScan.open(file(id))) {
            if (scan.next() && scan.type() == JournalRecordType.START) {
                ByteBuffer payload = scan.payload();
                payload.getLong();
                for (int n = payload.getInt(); n > 0; n--) {
                    endings.put(payload.getLong(), new Ending(payload.getLong(), payload.get() != 0));
                }
                checkVersion(id, payload.hasRemaining() ? payload.getShort() & 0xffff : 1);
                for (int n = payload.hasRemaining() ? payload.getInt() : 0; n > 0; n--) {
                    withdrawn.add(payload.getLong());
                }
            }
        } catch (IOException e) {
            // It will be reported when its turn comes.
        }
    }

    private void checkVersion(long id, int version) {
        if (version > Journal.FORMAT_VERSION) {
            throw new StorageException(file(id) + ": format version: " + version + " (expected: up to "
                    + Journal.FORMAT_VERSION + "): written by a later version of this program");
        }
    }

    private Path file(long id) {
        return spool.resolve(GenerationNames.directory(id)).resolve(GenerationNames.FILE);
    }

    private void replay(long id, Ending told) {
        try (JournalScan scan = JournalScan.open(file(id))) {
            Reach reach = measure(scan, !told.isExact());
            ByteBuffer tail = reach.isWholeFor(told) || scan.hasTail() ? null : findTail(id, reach.contiguous());
            if (tail == null) {
                replay(id, told, scan, reach);
            } else {
                replayWith(tail, id, told, reach);
            }
        } catch (NoSuchFileException halfMade) {
            // The process ended while it made the directory, or deleted one that had been checkpointed: nothing is in
            // it.
            endings.putIfAbsent(id, Ending.UNKNOWN);
        } catch (IOException e) {
            quarantine(id, "the file cannot be read: " + e.getMessage());
        }
    }

    /**
     * How far the records of a generation go.
     *
     * @param contiguous without a gap
     * @param proven to have been durable, as a later one says
     */
    private record Reach(long contiguous, long proven) {
        /** Nothing more can be wanted; without its START it holds nothing that anybody was told of. */
        boolean isWholeFor(Ending told) {
            return contiguous == 0 || told.isExact() && told.sequence() <= contiguous;
        }
    }

    private Reach measure(JournalScan scan, boolean notesBodies) throws IOException {
        long contiguous = 0;
        long proven = 0;
        boolean gap = false;
        while (scan.next()) {
            gap |= scan.sequence() != contiguous + 1;
            if (!gap) {
                contiguous = scan.sequence();
                if (notesBodies) {
                    noteBody(scan);
                }
            }
            proven = Math.max(proven, scan.durableSequence());
        }
        return new Reach(contiguous, proven);
    }

    private void noteBody(JournalScan scan) {
        ByteBuffer payload = scan.payload();
        switch (scan.type()) {
            case ACCEPTED, CHECKPOINTED -> payload.position(Long.BYTES + 1);
            case MOVED -> {}
            default -> {
                return;
            }
        }
        noteEnd(Payload.getBody(payload));
    }

    /** Bodies and tails are written one behind the other: what is behind the last journaled body is sought there. */
    private void noteEnd(BodyRef body) {
        for (int i = 0; i < body.extentCount(); i++) {
            int end = body.offset(i) + body.headerBytes(i) + body.contentBytes(i) + 7 & ~7;
            if (body.segment(i) > endSegment || body.segment(i) == endSegment && end > endOffset) {
                endSegment = body.segment(i);
                endOffset = end;
            }
        }
    }

    private @Nullable ByteBuffer findTail(long id, long behindSequence) {
        return JournalTail.join(tails.find(id, behindSequence, endSegment, endOffset), behindSequence);
    }

    /** It is kept beside the file: the segments that it was found in may be used again before the generation is gone. */
    private void replayWith(ByteBuffer tail, long id, Ending told, Reach inFile) throws IOException {
        if (!changesNothing) {
            keep(tail, file(id).resolveSibling(GenerationNames.TAIL));
        }
        try (JournalScan scan = JournalScan.open(file(id), tail)) {
            Reach reach = measure(scan, false);
            if (inFile.contiguous() < inFile.proven() && reach.contiguous() >= inFile.proven()) {
                quarantine(
                        id,
                        damaged(inFile.contiguous() + 1, inFile.proven())
                                + "; what is missing was found in the segments");
            }
            replay(id, told, scan, reach);
        }
    }

    private static void keep(ByteBuffer tail, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                for (ByteBuffer rest = tail.duplicate(); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            DiskSync.REAL.directory(target.resolveSibling("."));
        } catch (IOException e) {
            throw new StorageException(
                    target + ": " + tail.limit() + " bytes could not be written: " + e.getMessage(), e);
        }
    }

    private void replay(long id, Ending told, JournalScan scan, Reach reach) throws IOException {
        long contiguous = reach.contiguous();
        long proven = Math.max(told.sequence(), reach.proven());
        long end = told.isExact() ? told.sequence() : Math.max(contiguous, proven);
        if (end > contiguous) {
            // What stands behind the damage is as good as what stands before it; bodies without proof are looked at.
            end = told.isExact() ? end : scan.sequence();
            quarantine(id, damaged(contiguous + 1, proven));
        }
        scan.rewind();
        while (scan.next() && scan.sequence() <= end) {
            apply(scan);
        }
        endings.put(id, new Ending(scan.sequence() > end ? end : scan.sequence(), true));
    }

    private static String damaged(long record, long proven) {
        return "record " + record + " is damaged, though it was durable (last durable: " + proven + ")";
    }

    private void quarantine(long id, String why) {
        damagedCount++;
        Path source = spool.resolve(GenerationNames.directory(id));
        if (changesNothing) {
            listener.onQuarantined(source, source.getFileName() + ": " + why);
            return;
        }
        Path target = spool.resolve("corrupt").resolve(source.getFileName() + "." + System.nanoTime());
        try {
            Files.createDirectories(target);
            for (String name : List.of(GenerationNames.FILE, GenerationNames.TAIL)) {
                if (Files.exists(source.resolve(name))) {
                    Files.copy(source.resolve(name), target.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new StorageException(target + ": a damaged generation could not be kept: " + e.getMessage(), e);
        }
        listener.onQuarantined(target, source.getFileName() + ": " + why);
    }

    private void apply(JournalScan scan) {
        long queueId = scan.queueId();
        lastQueueId = Math.max(lastQueueId, queueId);
        forgetProven(scan.durableSequence());
        ByteBuffer payload = scan.payload();
        switch (scan.type()) {
            case START -> {
                lastQueueId = Math.max(lastQueueId, payload.getLong());
            }
            case ENVELOPE_PART -> keepPart(queueId, payload);
            case TAKES_OVER ->
                takenOver.computeIfAbsent(queueId, id -> new ArrayList<>()).add(Payload.getTakenOver(payload));
            case ACCEPTED -> accepted(queueId, payload, scan.sequence());
            case CHECKPOINTED -> message(scan.type(), queueId, payload);
            case ATTEMPTED -> listener.onState(queueId, payload.getInt(), Payload.getState(payload));
            case DELIVERED -> listener.onState(queueId, payload.getInt(), DELIVERED);
            case REMOVED -> {
                envelopeParts.remove(queueId);
                listener.onRemoved(queueId);
            }
            case HELD -> listener.onHeld(queueId, payload.get() != 0);
            case EXPIRING -> listener.onExpiring(queueId);
            case MOVED -> {
                BodyRef body = Payload.getBody(payload);
                noteEnd(body);
                listener.onMoved(queueId, body);
            }
            case WARNED -> listener.onWarned(queueId);
            case CHECKPOINT_END -> {}
        }
    }

    private void accepted(long queueId, ByteBuffer payload, long sequence) {
        List<TakenOver> takes = takenOver.remove(queueId);
        if (withdrawn.contains(queueId)) {
            envelopeParts.remove(queueId);
            return;
        }
        BodyRef body = message(JournalRecordType.ACCEPTED, queueId, payload);
        unproven.add(new Unproven(queueId, body, sequence, takes == null ? List.of() : takes));
    }

    private static final RecipientState DELIVERED =
            new RecipientState(RecipientState.Kind.DELIVERED, 0, 0, 0, "", null);

    private void forgetProven(long durable) {
        if (durable > 0) {
            // The first batch of a generation ends the one before.
            unprovenBefore.forEach(this::settle);
            unprovenBefore.clear();
        }
        while (!unproven.isEmpty() && unproven.peekFirst().sequence() <= durable) {
            settle(unproven.removeFirst());
        }
    }

    /**
     * The message is durable: so is what it takes over. Told here and not where the record stands, since what the queue
     * wrote down of the older message until it knew that does not speak of it.
     */
    public void settle(Unproven accepted) {
        accepted.takesOver().forEach(one -> listener.onTakenOver(accepted.queueId(), one));
    }

    /** The message was never accepted: neither it nor what it would take over may come back with an older generation. */
    public void withdraw(Unproven notAccepted) {
        listener.onRemoved(notAccepted.queueId());
        if (!notAccepted.takesOver().isEmpty()) {
            withdrawn.add(notAccepted.queueId());
        }
    }

    Set<Long> withdrawn() {
        return withdrawn;
    }

    private void keepPart(long queueId, ByteBuffer payload) {
        ByteBuf parts = envelopeParts.computeIfAbsent(queueId, id -> Unpooled.buffer());
        parts.writeBytes(payload);
    }

    private BodyRef message(JournalRecordType type, long queueId, ByteBuffer payload) {
        long arrivalMs = payload.getLong();
        byte marks = payload.get();
        BodyRef body = Payload.getBody(payload);
        noteEnd(body);
        RecipientState[] states = new RecipientState[payload.getInt()];
        for (int i = 0; i < states.length; i++) {
            states[i] = Payload.getState(payload);
        }
        ByteBuf envelope = Unpooled.wrappedBuffer(payload);
        ByteBuf parts = envelopeParts.remove(queueId);
        Envelope decoded = EnvelopeFormat.decode(parts == null ? envelope : Unpooled.wrappedBuffer(parts, envelope));
        if (type == JournalRecordType.CHECKPOINTED && states.length > 0) {
            states = withRest(states, decoded.recipients().size());
        }
        listener.onMessage(queueId, arrivalMs, decoded, Payload.message(marks, body, states));
        return body;
    }

    /** A message is checkpointed with the states of its recipients up to the last one that is not done. */
    private static RecipientState[] withRest(RecipientState[] states, int count) {
        RecipientState[] all = Arrays.copyOf(states, Math.max(states.length, count));
        Arrays.fill(all, states.length, all.length, RecipientState.REPORTED);
        return all;
    }

    /** After {@link #run}. */
    public Iterable<Unproven> unproven() {
        return unprovenBefore;
    }

    public long lastQueueId() {
        return lastQueueId;
    }

    /** Where each generation that was read ends. */
    Map<Long, Ending> endings() {
        return endings;
    }

    /** Generations of which a copy went to {@code corrupt/}. */
    public int damagedCount() {
        return damagedCount;
    }
}
