// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/** What is to be told of the way that a message takes, as {@code sendmail -v} and {@code -bv} ask, or verify(8) does. */
public enum TraceMode {
    NONE,
    /** A report of the first attempt for each recipient. */
    RECORD,
    /** Nothing is delivered: a report of which recipients could be. */
    VERIFY,
    /** Nothing is delivered, and no sender is told: a server wants to know whether the recipient exists. */
    PROBE;

    /** Whether nothing is delivered, and each recipient is asked for once. */
    public boolean onlyAsks() {
        return this == VERIFY || this == PROBE;
    }
}
