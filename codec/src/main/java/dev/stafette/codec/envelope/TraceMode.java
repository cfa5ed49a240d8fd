// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/** What the sender of a message wants to know of the way it takes, as {@code sendmail -v} and {@code -bv} ask. */
public enum TraceMode {
    NONE,
    /** A report of the first attempt for each recipient. */
    RECORD,
    /** Nothing is delivered: a report of which recipients could be. */
    VERIFY
}
