// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts the header fields on top that access tables want there (PREPEND), above our Received. Thread: event loop. */
final class OrderedFieldsStep implements IntakeStep {
    @Override
    public StepOutcome apply(MessageDraft message) {
        List<String> fields = message.orders().fields();
        for (int i = 0; i < fields.size(); i++) {
            message.header().newField().writeCharSequence(fields.get(i) + "\r\n", StandardCharsets.UTF_8);
            message.header().putOnTop();
        }
        return StepOutcome.DONE;
    }
}
