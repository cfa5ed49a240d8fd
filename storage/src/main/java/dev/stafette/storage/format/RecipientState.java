// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import org.jspecify.annotations.Nullable;

/**
 * Where a recipient stands, as the journal keeps it.
 * Thread: any (a value).
 *
 * @param attempts so far
 * @param dueMs when it is tried again, ms since 1970
 * @param statusPacked {@code EnhancedStatus.packed} of the last attempt; 0 before the first
 * @param reply the last attempt's text
 * @param remoteMta the server that said it; null when none did
 */
public record RecipientState(
        Kind kind,
        int attempts,
        long dueMs,
        int statusPacked,
        String reply,
        @Nullable String remoteMta) {
    public static final RecipientState QUEUED = new RecipientState(Kind.QUEUED, 0, 0, 0, "", null);

    /** Nothing is left to do. */
    public static final RecipientState REPORTED = new RecipientState(Kind.REPORTED, 0, 0, 0, "", null);

    /**
     * QUEUED: not tried yet. REPORTED: done, the report is durable. Owing a report: FAILED; RELAYED, to a site that will
     * not report; ARRIVED, at its final destination; DELIVERABLE and UNDELIVERABLE, of a message that asks what would become
     * of it. Order is on disk.
     */
    public enum Kind {
        QUEUED,
        DEFERRED,
        DELIVERED,
        FAILED,
        REPORTED,
        RELAYED,
        ARRIVED,
        DELIVERABLE,
        UNDELIVERABLE;

        /** Nothing is left to do but to tell the sender. */
        public boolean isOwing() {
            return switch (this) {
                case FAILED, RELAYED, ARRIVED, DELIVERABLE, UNDELIVERABLE -> true;
                case QUEUED, DEFERRED, DELIVERED, REPORTED -> false;
            };
        }

        public boolean isDone() {
            return this == DELIVERED || this == REPORTED;
        }
    }
}
