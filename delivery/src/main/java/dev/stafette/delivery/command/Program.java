// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.io.FileInputStream;
import java.io.IOException;

/**
 * A program that runs, and the end of the pipe that it writes to.
 * Thread: the one that waits for it.
 */
record Program(Process process, FileInputStream output) implements AutoCloseable {
    /** What still writes to the pipe gets to know that nobody reads. */
    @Override
    public void close() throws IOException {
        output.close();
    }
}
