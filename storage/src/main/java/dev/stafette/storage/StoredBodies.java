// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.storage.format.BodyRef;

/**
 * Bodies for reading: of a spool that is in use, or of one that is not.
 * Thread: any; it may wait for the disk.
 */
public interface StoredBodies {
    /** The body for reading; a StorageException says that its place is not there. */
    BodySlice openBody(BodyRef body);

    /** Reads only the envelope; a StorageException says that something else is in its place, or what is damaged. */
    StoredBody readEnvelope(long queueId, BodyRef body);
}
