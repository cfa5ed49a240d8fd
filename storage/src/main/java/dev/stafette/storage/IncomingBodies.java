// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The extents of messages that are still coming in. Thread: queue agent. */
final class IncomingBodies {
    private record Extent(int segment, int offset, int headerBytes, int contentBytes) {}

    private final Long2ObjectHashMap<List<Extent>> byId = new Long2ObjectHashMap<>();

    // The common case, a message of one extent, does without the map.
    private long singleId = QueueId.NONE;
    private @Nullable Extent single;

    void add(IncomingExtent extent, SegmentStore.Place place) {
        Extent added = new Extent(
                place.segment().id(),
                place.offset(),
                extent.headerBytes(),
                extent.lengthBytes() - extent.headerBytes());
        if (extent.isLast() && extent.index() == 0) {
            singleId = extent.queueId();
            single = added;
            return;
        }
        byId.computeIfAbsent(extent.queueId(), id -> new ArrayList<>()).add(added);
    }

    BodyRef finish(long queueId, int flags) {
        BodyRef body = take(queueId, flags);
        if (body == null) {
            throw new IllegalStateException("message accepted before its extents: " + QueueId.format(queueId));
        }
        return body;
    }

    @Nullable
    BodyRef abandon(long queueId) {
        return take(queueId, 0);
    }

    private @Nullable BodyRef take(long queueId, int flags) {
        Extent one = single;
        if (one != null && singleId == queueId) {
            single = null;
            return ref(List.of(one), flags);
        }
        List<Extent> extents = byId.remove(queueId);
        return extents == null ? null : ref(extents, flags);
    }

    private static BodyRef ref(List<Extent> extents, int flags) {
        int count = extents.size();
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
        return new BodyRef(flags, segment, offset, headerBytes, contentBytes);
    }
}
