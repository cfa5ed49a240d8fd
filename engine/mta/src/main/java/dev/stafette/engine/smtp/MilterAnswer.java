// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.milter.MilterVerdict;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What milters say, now or later.
 * Thread: event loop.
 */
final class MilterAnswer implements Consumer<@Nullable MilterVerdict> {
    // Owned by the loop.
    private boolean isThere;
    private @Nullable MilterVerdict verdict;
    private @Nullable Consumer<@Nullable MilterVerdict> listener;

    @Override
    public void accept(@Nullable MilterVerdict said) {
        isThere = true;
        verdict = said;
        if (listener != null) {
            listener.accept(said);
        }
    }

    boolean isThere() {
        return isThere;
    }

    @Nullable
    MilterVerdict verdict() {
        return verdict;
    }

    /** Of an answer that is not there yet. */
    void listen(Consumer<@Nullable MilterVerdict> later) {
        listener = later;
    }
}
