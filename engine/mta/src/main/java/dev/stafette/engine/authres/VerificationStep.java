// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.AuthenticationResults;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.MessageStep;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.spf.SpfCheck;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.TableAnswer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what can be proved of a message from a stranger: its signatures are read with its header, the DNS is asked while its
 * body comes in, and at its end the arithmetic is done beside the event loop. The first step, since the others change the
 * header.
 * Thread: event loop.
 */
final class VerificationStep implements MessageStep {
    private static final Logger LOG = LoggerFactory.getLogger(VerificationStep.class);
    private static final String PROGRAM = "cleanup";
    private static final long MS_PER_S = 1000;
    private static final int PERCENT = 100;
    private static final int CODE = 550;

    /** RFC 7372 §3.2 has none for DMARC; this is what is in use. */
    private static final EnhancedStatus REFUSED = EnhancedStatus.of(5, 7, 1);

    private final VerificationSettings settings;
    private final NameQuestions names;
    private final SpfCheck spf;
    private final Executor threads;

    VerificationStep(VerificationSettings settings, NameQuestions names, SpfCheck spf, Executor threads) {
        this.settings = settings;
        this.names = names;
        this.spf = spf;
        this.threads = threads;
    }

    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP;
    }

    @Override
    public IntakeStep begin(MessageDraft message) {
        SendingClient client = message.arrival().client();
        return client != null && client.isStranger() ? OfMessage.begin(this, message, client) : this;
    }

    /** Of a message that need not prove anything. */
    @Override
    public StepOutcome apply(MessageDraft message) {
        return StepOutcome.DONE;
    }

    private NameEvidence ask(Evidence evidence, Inquiry inquiry) {
        return NameEvidence.ask(evidence, settings, names, spf, inquiry);
    }

    /** RFC 8601 §5: nobody else says so in our name. */
    private void removeForged(HeaderFields header) {
        // From the end: what is removed moves those behind it, and a stranger may have sent thousands.
        for (int i = header.count() - 1; i >= 0; i--) {
            if (header.name(i).equalsIgnoreCase(AuthenticationResults.FIELD)
                    && AuthenticationResults.idOf(header.value(i)).equalsIgnoreCase(settings.id())) {
                header.remove(i);
            }
        }
    }

    private StepOutcome end(MessageDraft message, Findings findings) {
        ByteBuf field = message.header().newField();
        field.writeCharSequence(
                AuthenticationResults.field(settings.id(), findings.results()) + "\r\n", StandardCharsets.US_ASCII);
        // Above our Received field, as those of one host stand together (RFC 8601 §4.1), and what it tells was told
        // last.
        if (message.header().topCount() > 0) {
            message.header().put(0);
        } else {
            message.header().putOnTop();
        }
        message.log().info(PROGRAM, message.arrival().queueIdText() + ": " + findings.summary());
        DmarcVerdict dmarc = findings.dmarc();
        if (dmarc == null) {
            return StepOutcome.DONE;
        }
        if (settings.dmarcAction().rejects(dmarc.policy())) {
            message.log()
                    .info(
                            PROGRAM,
                            message.arrival().queueIdText() + ": reject: DMARC of " + dmarc.domain() + " "
                                    + dmarc.comment());
            return StepOutcome.refuse(SmtpReply.of(
                    CODE, REFUSED, "Message rejected: not from " + dmarc.domain() + ", as its DMARC record has it"));
        }
        if (settings.dmarcAction().holds(dmarc.policy())) {
            message.log()
                    .info(
                            PROGRAM,
                            message.arrival().queueIdText() + ": hold: DMARC of " + dmarc.domain() + " "
                                    + dmarc.comment());
            message.hold();
        }
        return StepOutcome.DONE;
    }

    /** What is not known in time counts as not answered. Thread: that of the inquiry. */
    private record Hurried(Inquiry inquiry) implements Inquiry {
        @Override
        public TableAnswer ask(SlowSource source, String key) {
            TableAnswer answer = inquiry.ask(source, key);
            return answer.isNotYet() ? TableAnswer.unavailable("no answer in time") : answer;
        }

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public int draw(String key) {
            return inquiry.draw(key);
        }
    }

    /** One message; what the DNS says may come before its end or after it. */
    private static final class OfMessage implements IntakeStep {
        private final VerificationStep step;
        private final Evidence evidence;
        private final PatientInquiry inquiry;

        // Owned by the loop.
        private @Nullable NameEvidence known;
        private @Nullable StepAnswer awaited;
        private @Nullable Future<?> alarm;

        private OfMessage(VerificationStep step, Evidence evidence, PatientInquiry inquiry) {
            this.step = step;
            this.evidence = evidence;
            this.inquiry = inquiry;
        }

        static OfMessage begin(VerificationStep step, MessageDraft message, SendingClient client) {
            Evidence evidence = Evidence.of(message.header(), message.arrival(), client, step.settings);
            Inquirer inquirer = message.inquirer();
            PatientInquiry inquiry = inquirer.begin();
            OfMessage begun = new OfMessage(step, evidence, inquiry);
            NameEvidence first = step.ask(evidence, inquiry);
            if (!inquiry.isWaiting()) {
                begun.known = first;
                return begun;
            }
            inquirer.await(inquiry, again -> step.ask(evidence, again), begun::onKnown, mistake -> {
                LOG.error("what the DNS says of a message", mistake);
                begun.onAlarm();
            });
            return begun;
        }

        @Override
        public boolean readsContent() {
            return !evidence.hashes().isEmpty();
        }

        @Override
        public void onContent(ByteBuf piece) {
            evidence.hashes().add(piece);
        }

        @Override
        public StepOutcome apply(MessageDraft message) {
            step.removeForged(message.header());
            evidence.hashes().end();
            NameEvidence before = known;
            if (before != null) {
                return verify(message, before);
            }
            awaited = message.answersLater();
            alarm = message.schedule(this::onAlarm, step.settings.timeMax());
            return StepOutcome.LATER;
        }

        private void onKnown(NameEvidence answers) {
            if (known == null) {
                known = answers;
                goOn(answers);
            }
        }

        /** The time is over. */
        private void onAlarm() {
            if (known == null) {
                NameEvidence incomplete = step.ask(evidence, new Hurried(inquiry));
                known = incomplete;
                goOn(incomplete);
            }
        }

        private void goOn(NameEvidence answers) {
            StepAnswer answer = awaited;
            if (answer == null) {
                return;
            }
            Future<?> running = alarm;
            if (running != null) {
                running.cancel(false);
            }
            answer.give(message -> verify(message, answers));
        }

        private StepOutcome verify(MessageDraft message, NameEvidence answers) {
            long nowS = message.arrival().arrivalMs() / MS_PER_S;
            int draw = Math.floorMod(inquiry.draw("pct"), PERCENT);
            if (answers.keys().isEmpty()) {
                return step.end(message, Findings.of(evidence, answers, step.settings, nowS, draw));
            }
            StepAnswer answer = message.answersLater();
            step.threads.execute(() -> {
                Findings findings = found(answers, nowS, draw);
                answer.give(waiting -> step.end(waiting, findings));
            });
            return StepOutcome.LATER;
        }

        /** Thread: any. */
        private Findings found(NameEvidence answers, long nowS, int draw) {
            try {
                return Findings.of(evidence, answers, step.settings, nowS, draw);
            } catch (RuntimeException e) {
                LOG.error("signatures of a message", e);
                return Findings.NOTHING;
            }
        }
    }
}
