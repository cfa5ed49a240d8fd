// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

/**
 * A lookup table that stands in a list: what counts is whether it has a key, and not what it says of it.
 * Thread: any.
 */
public interface ListTable {
    /** May block when the table is not immediate. */
    Membership has(String key);

    /** Whether an event loop may ask it now; others are for threads that may block. This may change while it is used. */
    boolean isImmediate();

    /** Whether parts of a key make sense as keys; false for patterns. */
    boolean isFixedText();
}
