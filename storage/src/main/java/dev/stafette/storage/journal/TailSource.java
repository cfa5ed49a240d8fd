// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** Where a replay finds records that were written into segments before the journal's file was synced. Thread: start-up only. */
public interface TailSource {
    /**
     * The pieces ({@link JournalTail}) of a generation that go on behind a sequence, one behind the other.
     *
     * @param segment nothing that is wanted stands before that one,
     * @param offset or before this place in it
     */
    List<ByteBuffer> find(long generation, long behindSequence, int segment, int offset);
}
