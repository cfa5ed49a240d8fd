// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.OwnDirectory;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All segments of a spool: {@code body/<8 hex>.seg}. Hands out places, counts what is alive, recycles.
 * Thread: queue agent; {@link #find} is for any.
 *
 * <p>Ids are never used twice. A segment without live extents is kept for the next use, under a new name. Whatever of
 * that may wait for the disk is done by the reserver's thread.
 */
public final class SegmentStore implements AutoCloseable {
    private static final String SUFFIX = ".seg";

    private final Path directory;
    private final int segmentBytes;
    private final SegmentReserver reserver;
    private final ConcurrentMap<Integer, Segment> all = new ConcurrentHashMap<>();
    private final ArrayDeque<Segment> empty = new ArrayDeque<>();

    // Owned by the queue agent.
    private @Nullable Segment current;
    private int lastId;

    private SegmentStore(Path directory, int segmentBytes, SegmentReserver reserver) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.reserver = reserver;
    }

    /** Opens what is there; nothing is written into a segment of an earlier process. */
    public static SegmentStore open(
            Path spool, int segmentBytes, long keepFreeBytes, DiskSync sync, Runnable onChanged) {
        Path directory = directory(spool);
        try {
            Files.createDirectories(directory, OwnDirectory.permissions());
            SegmentStore store = new SegmentStore(
                    directory,
                    segmentBytes,
                    new SegmentReserver(directory, segmentBytes, keepFreeBytes, sync, onChanged));
            store.load();
            store.reserver.start(store.lastId + 1);
            return store;
        } catch (IOException e) {
            throw new StorageException(directory + ": segments could not be opened: " + e.getMessage(), e);
        }
    }

    static Path directory(Path spool) {
        return spool.resolve("body");
    }

    static Path file(Path directory, int id) {
        return directory.resolve(String.format("%08x", id) + SUFFIX);
    }

    /** The id that a file's name has; -1: it is no segment, or none yet. */
    static int id(String name) {
        return name.matches("[0-9a-f]{8}\\.seg") ? Integer.parseUnsignedInt(name.substring(0, 8), 16) : -1;
    }

    private void load() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                int id = id(name);
                if (id >= 0) {
                    Segment segment = new Segment(id, file);
                    segment.closeForWriting();
                    all.put(id, segment);
                    lastId = Math.max(lastId, id);
                } else if (name.startsWith(SegmentReserver.POOLED) || name.startsWith(SegmentReserver.SPARE)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** An extent that recovery found in the journal. */
    public void onFound(BodyRef body) {
        for (int i = 0; i < body.extentCount(); i++) {
            Segment segment = all.get(body.segment(i));
            if (segment != null) {
                segment.onFound(body.headerBytes(i) + body.contentBytes(i));
            }
        }
    }

    /** Start-up: puts a body that recovery found on stable storage. */
    public void sync(BodyRef body) {
        int last = 0;
        for (int i = 0; i < body.extentCount(); i++) {
            Segment segment = body.segment(i) == last ? null : all.get(body.segment(i));
            last = body.segment(i);
            if (segment != null) {
                sync(segment);
            }
        }
    }

    private static void sync(Segment segment) {
        try {
            segment.channel().force(false);
        } catch (IOException e) {
            throw new StorageException(segment.file() + ": cannot be synced: " + e.getMessage(), e);
        }
    }

    /** After recovery: segments in which nothing is alive are free. */
    public void onRecovered() {
        for (Segment segment : all.values()) {
            if (segment.liveCount() == 0) {
                empty.add(segment);
            }
        }
    }

    /**
     * Finds a place for an extent. Null when there is none: see {@link #isMakingRoomFor} whether it is worth waiting, for the
     * change that {@code onChanged} tells of.
     */
    public @Nullable Place tryReserve(int lengthBytes) {
        if (lengthBytes > segmentBytes) {
            return null;
        }
        Segment segment = current;
        int offset = segment == null ? -1 : segment.tryReserve(lengthBytes, segmentBytes);
        if (segment != null && offset >= 0) {
            return new Place(segment, offset);
        }
        Segment next = reserver.take();
        if (next == null) {
            return null;
        }
        abandonCurrent();
        lastId = next.id();
        all.put(next.id(), next);
        current = next;
        return new Place(next, next.tryReserve(lengthBytes, segmentBytes));
    }

    /** Finds a place behind what was reserved last, in the same segment; null when it does not fit. */
    public @Nullable Place tryReserveBehind(Place last, int lengthBytes) {
        if (last.segment() != current) {
            return null;
        }
        int offset = last.segment().tryReserve(lengthBytes, segmentBytes);
        return offset < 0 ? null : new Place(last.segment(), offset);
    }

    /** The next segment is being made. Small ones follow each other so fast that mail would be refused while there is room. */
    public boolean isMakingRoomFor(int lengthBytes) {
        reserver.request();
        return lengthBytes <= segmentBytes && !reserver.isShort();
    }

    /** A reserved place. */
    public record Place(Segment segment, int offset) {}

    /** Nothing more is written into the current segment: it is full, or a sync of it failed. */
    public void abandonCurrent() {
        Segment segment = current;
        if (segment != null) {
            segment.closeForWriting();
            current = null;
            if (segment.liveCount() == 0) {
                empty.add(segment);
            }
        }
    }

    /** Frees a body whose removal is durable. */
    public void free(BodyRef body) {
        for (int i = 0; i < body.extentCount(); i++) {
            free(body.segment(i), body.headerBytes(i) + body.contentBytes(i));
        }
    }

    public void free(int segmentId, int lengthBytes) {
        Segment segment = all.get(segmentId);
        if (segment == null) {
            return;
        }
        segment.onFreed(lengthBytes);
        if (segment.liveCount() == 0 && segment.isClosedForWriting()) {
            empty.add(segment);
        }
    }

    /** Recycles or deletes empty segments that nobody reads any more. Returns how many. */
    public int recycle() {
        reserver.checkBroken();
        if (empty.isEmpty()) {
            return 0;
        }
        int count = 0;
        for (Iterator<Segment> i = empty.iterator(); i.hasNext(); ) {
            Segment segment = i.next();
            if (segment.isPinned() || segment.liveCount() > 0) {
                continue;
            }
            i.remove();
            all.remove(segment.id());
            reserver.retire(segment);
            count++;
        }
        return count;
    }

    /** Any thread; null for an id that is not there. */
    public @Nullable Segment find(int id) {
        return all.get(id);
    }

    public @Nullable Segment current() {
        return current;
    }

    public Iterable<Segment> segments() {
        return all.values();
    }

    /** Whether an extent of this length would find a place without a segment that is still to be reserved. */
    public boolean hasPlace(int lengthBytes) {
        return reserver.isReady() || current != null && current.freeBytes(segmentBytes) > lengthBytes;
    }

    /** Whether the next segment is at hand. */
    public boolean isNextReady() {
        return reserver.isReady();
    }

    /** How many segments were opened so far, by this process and earlier ones. */
    public int openedCount() {
        return lastId;
    }

    /** Any thread. */
    public long freeBytes() {
        return reserver.freeBytes();
    }

    /** Any thread: what messages may take of the free space. */
    public long roomBytes() {
        return reserver.roomBytes();
    }

    /** Any thread. */
    public boolean isShort() {
        return reserver.isShort();
    }

    /** Any thread: looks at the free space again soon. */
    public void requestCheck() {
        reserver.request();
    }

    public int segmentCount() {
        return all.size();
    }

    @Override
    public void close() {
        reserver.close();
        for (Segment segment : all.values()) {
            try {
                segment.close();
            } catch (IOException e) {
                throw new StorageException(segment.file() + ": not closed: " + e.getMessage(), e);
            }
        }
    }
}
