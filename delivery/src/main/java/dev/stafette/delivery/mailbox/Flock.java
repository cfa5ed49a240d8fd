// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes locks of the kind flock(2), which Java has not.
 * Thread: any.
 */
public interface Flock {
    /**
     * With the rights of the caller's thread; does not wait. Null: somebody else has it.
     *
     * @param file which is there
     */
    @Nullable
    Held tryLock(Path file) throws IOException;

    /** Until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
