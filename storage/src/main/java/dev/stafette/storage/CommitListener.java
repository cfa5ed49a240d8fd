// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.util.concurrent.Executor;

/** Waits for something to be on stable storage. It is told once, on its owner's thread. */
public interface CommitListener {
    /**
     * The event loop (or other executor) whose thread owns the listener; one task is run for all of a batch. It must be
     * run, or refused: it also releases the buffers that were written.
     */
    Executor owner();

    void onCommitted(CommitResult result);
}
