// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import io.netty.util.concurrent.EventExecutor;

/**
 * Tells whoever has brought a message, which is discarded, when what it would have taken over is settled on disk.
 * Thread: event loop.
 */
record SettledDiscard(EventExecutor owner, IntakeListener listener) implements CommitListener {
    @Override
    public void onCommitted(CommitResult result) {
        listener.onEnd(CommitReply.of(result));
    }
}
