// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.body.SegmentStore.Place;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.journal.JournalFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes durable together: extents to write, the journal to force, and who waits for it.
 * Thread: filled by the queue agent, then the commit thread's until it is finished, then the agent's again. Used over
 * and over.
 */
final class CommitBatch {
    /** An extent and where it goes. */
    record Write(IncomingExtent extent, Place place) {}

    /** A message and where its body lies. */
    record Waiting(IncomingMessage message, BodyRef body) {}

    /** A body that was copied; the copy counts when it is durable, and not before. */
    record Move(long queueId, BodyRef from, BodyRef to) {}

    final List<Write> writes = new ArrayList<>();
    final List<Waiting> messages = new ArrayList<>();
    final List<CommitListener> listeners = new ArrayList<>();
    final List<Move> moves = new ArrayList<>();

    /** Freed when the batch is durable: their removal is journaled in it. */
    final List<BodyRef> freed = new ArrayList<>();

    /** A generation that this batch ends; forced as well, and closed afterwards. */
    @Nullable
    JournalFile ended;

    /** Null: its records are in a segment as well, and the journal is synced with a later batch. */
    @Nullable
    JournalFile journal;

    /** Where its records are in a segment. */
    @Nullable
    Place tail;

    int tailBytes;

    long lastSequence;

    /** Set by the commit thread: null when all is durable. */
    @Nullable
    Exception failure;

    long syncNs;

    boolean isEmpty() {
        return writes.isEmpty() && listeners.isEmpty() && messages.isEmpty() && moves.isEmpty() && freed.isEmpty();
    }

    void clear() {
        writes.clear();
        messages.clear();
        listeners.clear();
        moves.clear();
        freed.clear();
        ended = null;
        journal = null;
        tail = null;
        tailBytes = 0;
        failure = null;
    }
}
