// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import org.jspecify.annotations.Nullable;

/** What a journal record says. The order is on disk: add at the end only. */
public enum JournalRecordType {
    /**
     * Opens a generation: u64 the greatest queue id so far | u32 endings | each: u64 generation | u64 its last sequence that
     * is durable | u8 1 when nothing behind that sequence counts | u16 {@link Journal#FORMAT_VERSION}, before which the first
     * files end | from version 2 on u32 ids, each u64: messages of older generations that were never accepted.
     */
    START,
    /** u64 arrival ms | u8 1 held + 2 expiring + 4 warned | body | u32 states, 0 for none | states | envelope. */
    ACCEPTED,
    /** A live message in a younger generation; an upsert. As ACCEPTED. */
    CHECKPOINTED,
    /** Bytes of an envelope that is too long for one record; the rest comes with ACCEPTED or CHECKPOINTED. */
    ENVELOPE_PART,
    /** u32 recipient | state. */
    ATTEMPTED,
    /** u32 recipient: delivered, in few bytes. */
    DELIVERED,
    REMOVED,
    /** u8 held. */
    HELD,
    /** body: its bytes were copied elsewhere. */
    MOVED,
    /** Everything alive in older generations has been checkpointed into this one. */
    CHECKPOINT_END,
    /** Its time is up, whatever its age. */
    EXPIRING,
    /** Its sender knows that it is late, or nobody is to be told; where a message tells it, TAKES_OVER says so. */
    WARNED,
    /**
     * u64 an older message | u8 warning | u32 recipients, each u32: they are done, and the warning holds, if the message of
     * this id, whose ACCEPTED comes next, is accepted.
     */
    TAKES_OVER;

    private static final JournalRecordType[] ALL = values();

    static final int LAST = ALL.length - 1;

    static @Nullable JournalRecordType of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : null;
    }
}
