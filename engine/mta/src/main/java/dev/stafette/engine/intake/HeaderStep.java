// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** A step that has its say as soon as the header is there. Thread: the event loop of the message. */
interface HeaderStep extends IntakeStep {
    /** Null, or why the message is refused, so that what follows need not come in whole. */
    @Nullable
    SmtpReply onHeader(MessageDraft message);

    /** Whether {@link #apply} has something to do besides. */
    default boolean isForTheEnd() {
        return false;
    }

    @Override
    default StepOutcome apply(MessageDraft message) {
        return StepOutcome.DONE;
    }
}
