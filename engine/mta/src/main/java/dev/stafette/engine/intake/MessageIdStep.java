// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
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
        HeaderFields header = message.header();
        String id = header.messageId();
        boolean isResent = header.has(HeaderName.RESENT);
        if (message.addsMissingHeaders() && (isResent ? !header.has(HeaderName.RESENT_MESSAGE_ID) : id == null)) {
            String added = MessageIds.text(
                    arrival.arrivalMs(),
                    arrival.queueIdText(),
                    message.settings().hostName());
            if (!isResent) {
                message.log().messageId(arrival.queueIdText(), added);
                return null;
            }
            message.log().resentMessageId(arrival.queueIdText(), added);
        }
        message.log().messageId(arrival.queueIdText(), id == null ? "<>" : id);
        return null;
    }
}
