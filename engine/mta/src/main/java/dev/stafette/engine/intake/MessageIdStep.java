// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.MessageIds;
import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** Logs the Message-ID, the one that will be added where there is none. Thread: event loop. */
final class MessageIdStep implements HeaderStep {
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public @Nullable SmtpReply onHeader(MessageDraft message) {
        Arrival arrival = message.arrival();
        String id = message.header().messageId();
        if (id == null) {
            id = message.addsMissingHeaders()
                    ? MessageIds.text(
                            arrival.arrivalMs(),
                            arrival.queueIdText(),
                            message.settings().hostName())
                    : "<>";
        }
        message.log().messageId(arrival.queueIdText(), id);
        return null;
    }
}
