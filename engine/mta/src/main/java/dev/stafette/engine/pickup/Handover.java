// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;

/**
 * A message that is being handed in: its records, and then either a commit or nothing.
 * Thread: the command's.
 */
public interface Handover extends AutoCloseable {
    RecordWriter records();

    /** What it is called while it waits. */
    String id();

    /** From its return on the message is the mail system's and survives a crash. */
    void commit() throws IOException;

    /** What was not committed is gone. */
    @Override
    void close() throws IOException;
}
