// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.rewrite.MappingRun;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a step asks the maps of addresses: at once where tables have their answers in memory, and later where they do not. A table
 * that does not answer at all has the message refused for now.
 * Thread: event loop.
 */
final class AddressJudgement {
    private static final Logger LOG = LoggerFactory.getLogger(AddressJudgement.class);
    private static final String PROGRAM = "cleanup";

    private AddressJudgement() {}

    private record Judged<T>(T found, MappingRun run) {}

    /**
     * @param question without side effects, and without a look at the message: it may be asked again when that has gone
     * @param use of what was found, which changes the message
     */
    static <T> StepOutcome run(
            MessageDraft message, Function<MappingRun, T> question, BiConsumer<MessageDraft, T> use) {
        Inquirer inquirer = message.inquirer();
        PatientInquiry inquiry = inquirer.begin();
        Judged<T> judged = judge(inquiry, question);
        if (!inquiry.isWaiting()) {
            return end(message, judged, use);
        }
        StepAnswer answer = message.answersLater();
        inquirer.await(
                inquiry,
                again -> judge(again, question),
                found -> answer.give(waiting -> end(waiting, found, use)),
                mistake -> {
                    LOG.error("addresses of a message", mistake);
                    answer.give(waiting -> StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP));
                });
        return StepOutcome.LATER;
    }

    private static <T> Judged<T> judge(Inquiry inquiry, Function<MappingRun, T> question) {
        MappingRun run = new MappingRun(inquiry);
        return new Judged<>(question.apply(run), run);
    }

    private static <T> StepOutcome end(MessageDraft message, Judged<T> judged, BiConsumer<MessageDraft, T> use) {
        for (String warning : judged.run().warnings()) {
            message.log().warning(PROGRAM, message.arrival().queueIdText() + ": " + warning);
        }
        SmtpReply refusal = judged.run().refusal();
        if (refusal != null) {
            return StepOutcome.refuse(refusal);
        }
        use.accept(message, judged.found());
        return StepOutcome.DONE;
    }
}
