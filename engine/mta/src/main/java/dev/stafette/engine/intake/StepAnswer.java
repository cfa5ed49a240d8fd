// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.concurrent.RejectedExecutionException;

/**
 * The answer of a step that takes its time; what comes too late, or twice, is not heard.
 * Thread: any.
 */
public final class StepAnswer {
    private final MessageDraft message;
    private final IntakeLoop loop;

    StepAnswer(MessageDraft message, IntakeLoop loop) {
        this.message = message;
        this.loop = loop;
    }

    /** The rest of a step, with what it has found out. Thread: the event loop of the message. */
    public interface Rest {
        StepOutcome run(MessageDraft message);
    }

    /** Goes on with the message, if it is still waited for. */
    public void give(Rest rest) {
        try {
            loop.owner().execute(() -> message.onAnswer(this, rest));
        } catch (RejectedExecutionException loopHasEnded) {
            // The process ends, and nobody was told that the message is in the queue.
            return;
        }
    }
}
