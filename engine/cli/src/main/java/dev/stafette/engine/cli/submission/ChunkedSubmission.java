// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.pickup.Handover;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A message that comes in by BDAT and is not complete yet, or what is left of one after an error.
 * Thread: main.
 *
 * @param handover null: there is none to be had
 * @param content null: an error came before, and chunks are dropped
 */
record ChunkedSubmission(
        @Nullable Handover handover, @Nullable ChunkedContent content) implements AutoCloseable {
    static final ChunkedSubmission FAILED = new ChunkedSubmission(null, null);

    @Override
    public void close() throws IOException {
        if (handover != null) {
            handover.close();
        }
    }
}
