// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * What of the process is open, closed in the reverse of the order in which it came.
 * Thread: start-up and shutdown.
 */
final class OpenParts implements AutoCloseable {
    private final ArrayDeque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Closes them all, and throws the first failure afterwards. */
    @Override
    public void close() throws IOException {
        Exception first = null;
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw new IOException("not closed in good order: " + first, first);
        }
    }
}
