// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

/** What became of something handed to the spool. */
public enum CommitResult {
    /** On stable storage. */
    DURABLE,
    /** A write or a sync failed; it may or may not be there after a crash, and it is not acknowledged. */
    FAILED,
    /** Nothing was written, since there is no room. */
    NO_SPACE
}
