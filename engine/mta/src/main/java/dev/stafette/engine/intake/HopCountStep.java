// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** Ends loops (RFC 5321 §6.3). Thread: event loop. */
final class HopCountStep implements HeaderStep {
    @Override
    public @Nullable SmtpReply onHeader(MessageDraft message) {
        boolean loops = message.header().receivedCount() >= message.settings().hopCountMax();
        return loops ? SmtpPhrasebook.TOO_MANY_HOPS : null;
    }
}
