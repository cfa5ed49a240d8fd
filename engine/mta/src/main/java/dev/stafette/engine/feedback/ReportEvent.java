// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.report.ReportedRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.event.EventFields;
import dev.stafette.engine.event.MailEvent;
import dev.stafette.engine.event.ReplyRules;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a report tells of a message that has left before.
 * Thread: any (a value).
 *
 * @param name of the event: {@code bounced-async}, {@code complaint}
 * @param reportId queue id of the report
 * @param about the message, as far as it is known
 * @param source where the recipient is known from
 * @param said of the recipient
 * @param feedbackType of a complaint; may be empty
 * @param reporter who has written it; may be empty
 */
record ReportEvent(
        String name,
        long timeMs,
        String reportId,
        ReportedMessage about,
        String recipient,
        Source source,
        ReportedRecipient said,
        String feedbackType,
        String reporter)
        implements MailEvent {
    /** How far a recipient's address can be believed. */
    enum Source {
        SEAL,
        VERP,
        REPORT,
        NONE
    }

    String className(ReplyRules rules) {
        EnhancedStatus status = said.status();
        return feedbackType.isEmpty() ? rules.classify(status, said.diagnostic(), said.remoteMta()) : "";
    }

    @Override
    public void write(JsonWriter json, ReplyRules rules) {
        EventFields fields = EventFields.begin(json, name, timeMs)
                .put("report_id", reportId)
                .put("queue_id", about.queueId())
                .put("sender", about.sender())
                .put("recipient", said.finalAddress())
                .put("original_recipient", recipient)
                .put("recipient_source", source.name().toLowerCase(Locale.ROOT))
                .put("verified", about.isSealed())
                .put("tenant", about.tenant())
                .put("campaign", about.campaign())
                .put("envelope_id", about.envelopeId())
                .put("message_id", about.messageId())
                .put("feedback_type", feedbackType)
                .put("reporter", reporter)
                .put("remote_mta", said.remoteMta())
                .put("status", text(said.status()))
                .put("response", said.diagnostic());
        fields.put("class", className(rules)).end();
    }

    private static String text(@Nullable EnhancedStatus status) {
        return status == null ? "" : status.toString();
    }
}
