// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/**
 * Puts the header fields on top that access tables want there (PREPEND), above our Received: at once, for checks of the header
 * are to see them, and those that are known only when the content has come, at its end.
 * Thread: event loop.
 */
final class OrderedFieldsStep implements HeaderStep {
    @Override
    public @Nullable SmtpReply onHeader(MessageDraft message) {
        message.putOrderedFields();
        return null;
    }

    @Override
    public boolean isForTheEnd() {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        message.putOrderedFields();
        return StepOutcome.DONE;
    }
}
