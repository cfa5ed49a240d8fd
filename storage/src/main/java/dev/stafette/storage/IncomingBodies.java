// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The extents of messages that are still coming in; they may come in any order.
 * Thread: queue agent.
 */
final class IncomingBodies {
    private record Extent(int index, int segment, int offset, int headerBytes, int contentBytes) {}

    private final Long2ObjectHashMap<List<Extent>> byId = new Long2ObjectHashMap<>();

    // The common case, a message of one extent, does without the map.
    private long singleId = QueueId.NONE;
    private @Nullable Extent single;

    void add(IncomingExtent extent, SegmentStore.Place place) {
        Extent added = new Extent(
                extent.index(),
                place.segment().id(),
                place.offset(),
                extent.headerBytes(),
                extent.lengthBytes() - extent.headerBytes());
        if (extent.isWithMessage() && extent.index() == 0 && !byId.containsKey(extent.queueId())) {
            singleId = extent.queueId();
            single = added;
            return;
        }
        byId.computeIfAbsent(extent.queueId(), id -> new ArrayList<>()).add(added);
    }

    BodyRef finish(long queueId, int flags) {
        List<Extent> extents = take(queueId);
        for (int i = 0; i < extents.size(); i++) {
            if (extents.get(i).index() != i) {
                extents = List.of();
            }
        }
        if (extents.isEmpty()) {
            throw new IllegalStateException("message accepted before its extents: " + QueueId.format(queueId));
        }
        return ref(extents, flags);
    }

    /** Those extents that have come, and go on coming in; null: none has. */
    @Nullable
    BodyRef soFar(long queueId) {
        List<Extent> extents = byId.get(queueId);
        return extents == null
                ? null
                : ref(
                        extents.stream()
                                .sorted(Comparator.comparingInt(Extent::index))
                                .toList(),
                        0);
    }

    @Nullable
    BodyRef abandon(long queueId) {
        List<Extent> extents = take(queueId);
        return extents.isEmpty() ? null : ref(extents, 0);
    }

    /** In the order of their indexes. */
    private List<Extent> take(long queueId) {
        Extent one = single;
        if (one != null && singleId == queueId) {
            single = null;
            return List.of(one);
        }
        List<Extent> extents = byId.remove(queueId);
        if (extents == null) {
            return List.of();
        }
        extents.sort(Comparator.comparingInt(Extent::index));
        return extents;
    }

    private static BodyRef ref(List<Extent> extents, int flags) {
        int count = extents.size();
        if (count == 1) {
            Extent only = extents.get(0);
            return new BodyRef(flags, only.segment(), only.offset(), only.headerBytes(), only.contentBytes());
        }
        int[] segment = new int[count];
        int[] offset = new int[count];
        int[] headerBytes = new int[count];
        int[] contentBytes = new int[count];
        for (int i = 0; i < count; i++) {
            segment[i] = extents.get(i).segment();
            offset[i] = extents.get(i).offset();
            headerBytes[i] = extents.get(i).headerBytes();
            contentBytes[i] = extents.get(i).contentBytes();
        }
        return BodyRef.of(flags, segment, offset, headerBytes, contentBytes);
    }
}
