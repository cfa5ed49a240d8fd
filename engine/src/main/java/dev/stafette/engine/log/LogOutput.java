// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the lines end up. Thread: log. */
interface LogOutput extends AutoCloseable {
    /** Called at most once a second, before a write: the file may have been renamed or removed. */
    void followRotation();

    /** Writes all of whole lines. What is left in the block when this throws is lost. */
    void write(ByteBuffer block) throws IOException;

    @Override
    void close();
}
