// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * The recipients of the index.
 * Thread: queue agent.
 *
 * <pre>
 *  0 message  4 next of the same message  8 envelope index &lt;&lt; 8 | status  12 destination
 * 16 previous, 20 next where it waits  24 dueNs  32 attempts &lt;&lt; 16 | reason
 *                                      24 job, while it is ready
 * </pre>
 */
final class RecipientRecords {
    static final int RECORD_BYTES = 36;
    static final int LINK_OFFSET = 16;

    /** What a record has room for, and more than any envelope has. */
    static final int ENVELOPE_INDEX_MAX = (1 << 24) - 1;

    private static final int ATTEMPTS_MAX = 0xffff;
    private static final int REASON_MASK = 0xffff;
    private static final int STATUS_MASK = 0xff;
    private static final int UNUSED = STATUS_MASK;
    private static final int MESSAGE = 0;
    private static final int NEXT_OF_MESSAGE = 4;
    private static final int INDEX_AND_STATUS = 8;
    private static final int DESTINATION = 12;
    private static final int NEXT = LINK_OFFSET + Integer.BYTES;
    private static final int DUE = 24;
    private static final int JOB = DUE;
    private static final int ATTEMPTS_AND_REASON = 32;

    private final Slab slab = new Slab(RECORD_BYTES);

    Slab slab() {
        return slab;
    }

    /** Returns {@link Slab#NONE} when memory has run out. */
    int add(int message, int envelopeIndex, int destination, RecipientStatus status) {
        if (envelopeIndex < 0 || envelopeIndex > ENVELOPE_INDEX_MAX) {
            throw new IllegalArgumentException(
                    "envelope index: " + envelopeIndex + " (expected: 0.." + ENVELOPE_INDEX_MAX + ")");
        }
        int recipient = slab.allocate();
        if (recipient != Slab.NONE) {
            slab.putInt(recipient, MESSAGE, message);
            slab.putInt(recipient, INDEX_AND_STATUS, envelopeIndex << 8 | status.ordinal());
            slab.putInt(recipient, DESTINATION, destination);
            slab.putInt(recipient, ATTEMPTS_AND_REASON, 0);
        }
        return recipient;
    }

    void free(int recipient) {
        slab.putInt(recipient, INDEX_AND_STATUS, UNUSED);
        slab.free(recipient);
    }

    boolean isUsed(int recipient) {
        return (slab.getInt(recipient, INDEX_AND_STATUS) & STATUS_MASK) != UNUSED;
    }

    int message(int recipient) {
        return slab.getInt(recipient, MESSAGE);
    }

    /** In the ring of its job. */
    int previous(int recipient) {
        return slab.getInt(recipient, LINK_OFFSET);
    }

    void previous(int recipient, int previous) {
        slab.putInt(recipient, LINK_OFFSET, previous);
    }

    int next(int recipient) {
        return slab.getInt(recipient, NEXT);
    }

    void next(int recipient, int next) {
        slab.putInt(recipient, NEXT, next);
    }

    int nextOfMessage(int recipient) {
        return slab.getInt(recipient, NEXT_OF_MESSAGE);
    }

    void nextOfMessage(int recipient, int next) {
        slab.putInt(recipient, NEXT_OF_MESSAGE, next);
    }

    int envelopeIndex(int recipient) {
        return slab.getInt(recipient, INDEX_AND_STATUS) >>> 8;
    }

    RecipientStatus status(int recipient) {
        return RecipientStatus.at(slab.getInt(recipient, INDEX_AND_STATUS) & STATUS_MASK);
    }

    void status(int recipient, RecipientStatus status) {
        slab.putInt(
                recipient,
                INDEX_AND_STATUS,
                slab.getInt(recipient, INDEX_AND_STATUS) & ~STATUS_MASK | status.ordinal());
    }

    int destination(int recipient) {
        return slab.getInt(recipient, DESTINATION);
    }

    void destination(int recipient, int destination) {
        slab.putInt(recipient, DESTINATION, destination);
    }

    long dueNs(int recipient) {
        return slab.getLong(recipient, DUE);
    }

    void dueNs(int recipient, long dueNs) {
        slab.putLong(recipient, DUE, dueNs);
    }

    /** Of a recipient that is ready. */
    int job(int recipient) {
        return slab.getInt(recipient, JOB);
    }

    /** In place of its due time. */
    void job(int recipient, int job) {
        slab.putInt(recipient, JOB, job);
    }

    int attempts(int recipient) {
        return slab.getInt(recipient, ATTEMPTS_AND_REASON) >>> 16;
    }

    /** Beyond what the record can count it stays there. */
    void attempts(int recipient, int attempts) {
        int word = slab.getInt(recipient, ATTEMPTS_AND_REASON);
        slab.putInt(recipient, ATTEMPTS_AND_REASON, Math.min(attempts, ATTEMPTS_MAX) << 16 | word & REASON_MASK);
    }

    int reason(int recipient) {
        return slab.getInt(recipient, ATTEMPTS_AND_REASON) & REASON_MASK;
    }

    void reason(int recipient, int reason) {
        int word = slab.getInt(recipient, ATTEMPTS_AND_REASON);
        slab.putInt(recipient, ATTEMPTS_AND_REASON, word & ~REASON_MASK | reason);
    }
}
