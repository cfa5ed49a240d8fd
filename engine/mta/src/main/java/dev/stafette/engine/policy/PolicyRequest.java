// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.table.TableAnswer;
import java.util.function.Consumer;

/**
 * A question that is under way.
 * Thread: event loop.
 */
final class PolicyRequest {
    private final String text;
    private final Consumer<TableAnswer> listener;

    // Owned by the loop.
    private int tryCount;

    PolicyRequest(String text, Consumer<TableAnswer> listener) {
        this.text = text;
        this.listener = listener;
    }

    String text() {
        return text;
    }

    /** Returns how often it has been tried, with this time. */
    int countTry() {
        return ++tryCount;
    }

    void end(TableAnswer answer) {
        listener.accept(answer);
    }
}
