// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.checks.CheckTables;
import dev.stafette.engine.checks.NewField;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code milter_header_checks}: the fields that milters want in the header of one message, on their way past tables. Those may want
 * another field or none, or something done with the message.
 * Thread: event loop.
 */
public final class AddedFieldChecks {
    private static final Logger LOG = LoggerFactory.getLogger(AddedFieldChecks.class);

    private final CheckTables tables;
    private final MessageChecks checks;

    // Owned by the loop.
    private MessageOrders obeyed = MessageOrders.NONE;

    private AddedFieldChecks(CheckTables tables, MessageChecks checks) {
        this.tables = tables;
        this.checks = checks;
    }

    /** Null: nobody looks at them. {@code client}: for the log. */
    public static @Nullable AddedFieldChecks of(MessageDraft message, MessageClient client) {
        CheckTables tables = message.settings().milterChecks();
        return tables == null
                ? null
                : new AddedFieldChecks(tables, MessageChecks.ofMilters(message.arrival(), message.log(), client));
    }

    /** What becomes of a message when its fields have been looked at. Thread: event loop. */
    public interface Rest {
        /** {@code judged}: one for each field, null where it is not to be there. */
        StepOutcome run(MessageDraft message, List<@Nullable NewField> judged);

        /** It does not come in: by that reply, or because it comes to nothing, or has gone. */
        void onEnd(@Nullable SmtpReply refusal);
    }

    /**
     * Looks at the fields of one milter, and goes on with {@code rest} where the message may come in, now or when tables have
     * answered.
     */
    public StepOutcome judge(MessageDraft message, List<NewField> fields, Rest rest) {
        return judge(message, fields, new ArrayList<>(), rest);
    }

    private StepOutcome judge(MessageDraft message, List<NewField> fields, List<@Nullable NewField> judged, Rest rest) {
        while (judged.size() < fields.size()) {
            NewField field = fields.get(judged.size());
            if (checks.isOver()) {
                judged.add(field);
                continue;
            }
            PatientInquiry inquiry = message.inquirer().begin();
            TableAnswer found = tables.find(field.text(), inquiry);
            if (inquiry.isWaiting()) {
                return await(message, inquiry, fields, judged, rest);
            }
            judged.add(field.judge(tables, found, checks));
        }
        return end(message, judged, rest);
    }

    private StepOutcome await(
            MessageDraft message,
            PatientInquiry inquiry,
            List<NewField> fields,
            List<@Nullable NewField> judged,
            Rest rest) {
        StepAnswer answer = message.answersLater();
        NewField field = fields.get(judged.size());
        message.inquirer()
                .await(
                        inquiry,
                        again -> tables.find(field.text(), again),
                        found -> {
                            if (message.isClosed()) {
                                rest.onEnd(null);
                                return;
                            }
                            answer.give(waiting -> {
                                judged.add(field.judge(tables, found, checks));
                                return judge(waiting, fields, judged, rest);
                            });
                        },
                        mistake -> {
                            LOG.error("checks of fields that milters add", mistake);
                            rest.onEnd(SmtpPhrasebook.ADDRESS_LOOKUP);
                            answer.give(waiting -> StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP));
                        });
        return StepOutcome.LATER;
    }

    private StepOutcome end(MessageDraft message, List<@Nullable NewField> judged, Rest rest) {
        SmtpReply refusal = checks.refusal();
        if (refusal == null && !checks.orders().isDiscarded()) {
            return rest.run(message, judged);
        }
        rest.onEnd(refusal);
        return refusal == null ? StepOutcome.DISCARD : StepOutcome.refuse(refusal);
    }

    /** Does what tables have asked for since the last time; {@code envelope} has it done when the last milter has been heard. */
    public void obey(MessageDraft message, EnvelopeChanges envelope) {
        MessageOrders wanted = checks.orders();
        if (wanted == obeyed) {
            return;
        }
        if (wanted.isHeld()) {
            message.hold();
        }
        String filter = wanted.filter();
        if (filter != null) {
            message.setEnvelope(message.envelope().withContentFilter(filter));
        }
        for (String copy : wanted.contentCopies()
                .subList(obeyed.contentCopies().size(), wanted.contentCopies().size())) {
            envelope.copyTo(copy);
        }
        String redirect = wanted.redirect();
        if (redirect != null) {
            envelope.redirect(redirect);
        }
        obeyed = wanted;
    }
}
