// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.io.IOException;

/**
 * Where the queue agent has done what may wait for the disk.
 * Thread: queue agent.
 */
public interface DiskTasks {
    /** For the start, where nobody waits but the start itself. */
    DiskTasks AT_ONCE = task -> {
        try {
            task.run().run();
        } catch (IOException e) {
            throw new StorageException(String.valueOf(e.getMessage()), e);
        }
    };

    /** Tasks are done in this order, one at a time, and what follows of each on the agent's thread in the same order. */
    void submit(Task task);

    /** On the disk's thread: it may touch nothing of the agent's. */
    interface Task {
        /** Returns what the agent does next; an exception is thrown there. */
        Runnable run() throws IOException;
    }
}
