// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.queue.ActiveMessage;
import org.jspecify.annotations.Nullable;

/**
 * What became of a recipient at an attempt, or because its time was up.
 * Thread: any (a value).
 *
 * @param kind null: it is not tried any more, because its time is up
 * @param transport the service of master.cf; empty: nothing was tried
 * @param remoteMta null: no server has said anything
 * @param diagnostic what that server has said; null: it is our own word
 * @param text as it stands in the mail log
 */
record OutcomeEvent(
        DeliveryOutcome.@Nullable Kind kind,
        long timeMs,
        ActiveMessage message,
        EnvelopeRecipient recipient,
        String transport,
        EnhancedStatus status,
        String relay,
        @Nullable String remoteMta,
        @Nullable String diagnostic,
        String text)
        implements MailEvent {
    static OutcomeEvent of(
            ActiveMessage message,
            EnvelopeRecipient recipient,
            DeliveryOutcome.Kind kind,
            DeliveryOutcome outcome,
            String transport,
            long timeMs) {
        return new OutcomeEvent(
                kind,
                timeMs,
                message,
                recipient,
                transport,
                outcome.status(),
                outcome.relay(),
                outcome.remoteMta(),
                outcome.diagnostic(),
                outcome.text());
    }

    private String name() {
        return kind == null
                ? "bounced"
                : switch (kind) {
                    case DELIVERED -> "delivered";
                    case DEFERRED -> "deferred";
                    case BOUNCED -> "bounced";
                };
    }

    @Override
    public void write(JsonWriter json, ReplyRules rules) {
        MailAddress sender = message.envelope().sender();
        ReturnAddress sealed = ReturnAddress.parse(sender);
        EventFields fields = EventFields.begin(json, name(), timeMs)
                .put("queue_id", message.queueIdText())
                .put(
                        "sender",
                        sealed == null ? sender.external() : sealed.original().external())
                .put("recipient", recipient.address().external())
                .put("original_recipient", recipient.given())
                .put("envelope_id", message.envelope().envelopeId());
        if (sealed != null) {
            fields.put("tenant", sealed.tenant()).put("campaign", sealed.campaign());
        }
        fields.put("transport", transport)
                .put("relay", relay)
                .put("remote_mta", remoteMta)
                .put("status", status.toString())
                .put("expired", kind == null)
                .put("response", diagnostic == null ? text : diagnostic);
        if (kind != DeliveryOutcome.Kind.DELIVERED) {
            // The words of a server are what the rules are made for; ours tell the same in ours.
            fields.put("class", rules.classify(status, diagnostic == null ? text : diagnostic, remoteMta));
        }
        fields.put("size", message.body().sizeBytes())
                .put("arrival_time", EventFields.instant(message.arrivalMs()))
                .put("seconds_in_queue", Math.max(0, (timeMs - message.arrivalMs()) / 1000))
                .end();
    }
}
