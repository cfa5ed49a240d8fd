// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, for whoever asked.
 * Thread: the one that asked; it may wait.
 */
public interface AnswerLines extends AutoCloseable {
    /** The next line of the answer; null at its end, and then {@link #failure} says how it ended. */
    @Nullable
    String readLine() throws IOException;

    /** Empty when all went well. */
    String failure();

    @Override
    void close() throws IOException;
}
