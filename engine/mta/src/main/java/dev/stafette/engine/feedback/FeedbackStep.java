// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.WireBody;
import dev.stafette.codec.report.MailReport;
import dev.stafette.codec.report.ReportReader;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.feedback.ReturnAddresses.Found;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.intake.TextReader;
import dev.stafette.engine.log.MailLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mail to return addresses out of the way: what it reports is told, and it goes to feedback_forward_address or nowhere.
 * Thread: event loop; a worker reads the report.
 */
final class FeedbackStep implements IntakeStep {
    private static final Logger LOG = LoggerFactory.getLogger(FeedbackStep.class);

    private final ReturnAddresses addresses;
    private final ReportRecorder recorder;
    private final Executor workers;

    FeedbackStep(ReturnAddresses addresses, ReportRecorder recorder, Executor workers) {
        this.addresses = addresses;
        this.recorder = recorder;
        this.workers = workers;
    }

    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP || entrance == Entrance.SUBMISSION;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        long nowMs = message.arrival().arrivalMs();
        for (EnvelopeRecipient recipient : message.envelope().recipients()) {
            Found found = addresses.find(recipient.address(), nowMs);
            if (found.isForReports() || found.isFalse()) {
                return take(message, nowMs);
            }
        }
        return StepOutcome.DONE;
    }

    private StepOutcome take(MessageDraft message, long nowMs) {
        List<MailAddress> told = new ArrayList<>();
        List<EnvelopeRecipient> others = others(message, told);
        if (told.isEmpty()) {
            return end(message, others);
        }
        new Reading(message, mostTelling(told, nowMs), others).run();
        return StepOutcome.LATER;
    }

    private static StepOutcome end(MessageDraft message, List<EnvelopeRecipient> others) {
        if (others.isEmpty()) {
            return StepOutcome.DISCARD;
        }
        Envelope envelope = message.envelope();
        message.setEnvelope(envelope.with(envelope.sender(), others));
        return StepOutcome.DONE;
    }

    /** The top of a report, which is read when it has come whole, so that nobody holds memory by sending it slowly. */
    private final class Reading implements TextReader.Listener, Runnable {
        private final MailAddress to;
        private final List<EnvelopeRecipient> others;
        private final List<String> fields;
        private final String reportId;
        private final long nowMs;
        private final MailLog log;
        private final StepAnswer answer;
        private final TextReader reader;
        private final WireBody wire = new WireBody(false);
        private final ByteBuf content = Unpooled.buffer();

        Reading(MessageDraft message, MailAddress to, List<EnvelopeRecipient> others) {
            this.to = to;
            this.others = others;
            this.fields = fields(message.header());
            this.reportId = message.arrival().queueIdText();
            this.nowMs = message.arrival().arrivalMs();
            this.log = message.log();
            this.answer = message.answersLater();
            this.reader = message.readText(workers);
        }

        @Override
        public void run() {
            reader.next(this);
        }

        @Override
        public void onPiece(@Nullable ByteBuf piece) {
            int room = ReportReader.CONTENT_MAX - content.readableBytes();
            if (piece != null && room > 0) {
                wire.decode(piece.slice(piece.readerIndex(), Math.min(room, piece.readableBytes())), content);
                reader.next(this);
                return;
            }
            reader.close();
            try {
                workers.execute(this::tell);
            } catch (RejectedExecutionException e) {
                onUnreadable("no thread to read it");
            }
        }

        @Override
        public void onUnreadable(String why) {
            reader.close();
            log.warning("feedback", reportId + ": " + why);
            answer.give(waiting -> StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP));
        }

        /** Thread: worker. */
        private void tell() {
            try {
                MailReport report = ReportReader.read(fields, content.array(), content.readableBytes());
                recorder.record(report, to, reportId, nowMs, log);
                answer.give(waiting -> end(waiting, others));
            } catch (RuntimeException mistake) {
                LOG.error("a report", mistake);
                answer.give(waiting -> StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP));
            }
        }
    }

    /** Who gets the message all the same. {@code told}: gets the addresses for reports. */
    private List<EnvelopeRecipient> others(MessageDraft message, List<MailAddress> told) {
        List<EnvelopeRecipient> others = new ArrayList<>();
        MailAddress forward = addresses.forward();
        for (EnvelopeRecipient recipient : message.envelope().recipients()) {
            Found found = addresses.find(recipient.address(), message.arrival().arrivalMs());
            if (found.isFalse()) {
                String why = found.kind() == ReturnAddresses.Kind.FORGED ? "seal is not ours" : "seal is too old";
                message.log()
                        .warning(
                                "feedback",
                                message.arrival().queueIdText() + ": to=<"
                                        + recipient.address().external() + ">: ignored, the " + why);
            } else if (found.isForReports()) {
                told.add(recipient.address());
                if (told.size() == 1 && forward != null) {
                    others.add(new EnvelopeRecipient(forward));
                }
            } else {
                others.add(recipient);
            }
        }
        return others;
    }

    /** A report that has come to several of ours is one report. */
    private MailAddress mostTelling(List<MailAddress> told, long nowMs) {
        MailAddress best = told.get(0);
        for (MailAddress one : told) {
            boolean isMore = addresses
                            .find(one, nowMs)
                            .kind()
                            .compareTo(addresses.find(best, nowMs).kind())
                    > 0;
            best = isMore ? one : best;
        }
        return best;
    }

    private static List<String> fields(HeaderFields header) {
        List<String> fields = new ArrayList<>(header.count());
        for (int i = 0; i < header.count(); i++) {
            fields.add(header.name(i) + ": " + header.value(i).stripLeading());
        }
        return fields;
    }
}
