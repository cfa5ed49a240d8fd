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
        String queueId = message.arrival().queueIdText();
        HeaderFields header = message.header();
        String id = header.messageId();
        if (message.addsMissingHeaders() && header.has(HeaderName.RESENT)) {
            if (!header.has(HeaderName.RESENT_MESSAGE_ID)) {
                message.log().resentMessageId(queueId, added(message));
            }
        } else if (message.addsMissingHeaders() && id == null) {
            id = added(message);
        }
        message.log().messageId(queueId, id == null ? "<>" : id);
        return null;
    }

    private static String added(MessageDraft message) {
        Arrival arrival = message.arrival();
        return MessageIds.text(
                arrival.arrivalMs(), arrival.queueIdText(), message.settings().hostName());
    }
}
