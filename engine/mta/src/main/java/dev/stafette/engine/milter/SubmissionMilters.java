// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows messages that no client brings to the milters of {@code non_smtpd_milters}, as if this host had brought them to itself
 * by SMTP. Nothing that it has refused then can be told to a recipient alone.
 * Thread: event loop.
 */
public final class SubmissionMilters implements IntakeStep {
    private static final String CLIENT = "localhost";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String PROGRAM = "cleanup";
    private static final SmtpReply MISCONFIGURED =
            SmtpReply.of(451, EnhancedStatus.of(4, 3, 5), "Server configuration error");

    private final MilterRules rules;

    private SubmissionMilters(MilterRules rules) {
        this.rules = rules;
    }

    /** Null: there are none. {@code settings}: of the cleanup service. */
    public static @Nullable SubmissionMilters of(Settings settings, MilterPlace place) {
        MilterRules rules = MilterRules.ofSubmissions(settings, place);
        return rules.areNone() ? null : new SubmissionMilters(rules);
    }

    /** Mail out of the queue has been seen, and nobody reads a probe. Reports only come here where they are to be seen. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SUBMISSION || entrance == Entrance.REPORT;
    }

    @Override
    public Duration answerTimeMax() {
        return MilterStep.ANSWER_TIME_MAX;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        StepAnswer answer = message.answersLater();
        new Conversation(message, answer).begin();
        return StepOutcome.LATER;
    }

    private static InetSocketAddress loopback() {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are no address", e);
        }
    }

    /** The session that is made up for one message. */
    private final class Conversation implements MacroSource {
        private final MessageDraft message;
        private final StepAnswer answer;
        private final List<EnvelopeRecipient> recipients;
        private final MailAddress sender;
        private final @Nullable MilterSession session;

        // Owned by the loop.
        private @Nullable MailAddress recipient;

        Conversation(MessageDraft message, StepAnswer answer) {
            this.message = message;
            this.answer = answer;
            this.recipients = message.arrival().envelope().recipients();
            this.sender = message.arrival().envelope().sender();
            this.session = MilterSession.open(
                    rules, MilterChoice.USUAL, new MilterHost((EventLoop) message.executor(), this::warn), this);
        }

        private void warn(String text) {
            message.log().warning(PROGRAM, text);
        }

        void begin() {
            MilterSession opened = session;
            if (opened == null) {
                answer.give(done -> StepOutcome.DONE);
                return;
            }
            opened.connect(
                    CLIENT,
                    loopback(),
                    on(
                            "CONNECT",
                            () -> opened.helo(
                                    CLIENT,
                                    on(
                                            "EHLO",
                                            () -> opened.mail(
                                                    List.of(external(sender)),
                                                    on("MAIL", () -> tellRecipient(opened, 0)))))));
        }

        private static String external(MailAddress address) {
            return address.isNull() ? "" : address.external();
        }

        private void tellRecipient(MilterSession opened, int index) {
            if (index == recipients.size()) {
                opened.data(on("DATA", () -> show(opened)));
                return;
            }
            recipient = recipients.get(index).address();
            opened.rcpt(
                    List.of(external(recipients.get(index).address())),
                    false,
                    on("RCPT", () -> tellRecipient(opened, index + 1)));
        }

        private Consumer<@Nullable MilterVerdict> on(String stage, Runnable next) {
            return verdict -> {
                if (message.isClosed()) {
                    close();
                } else if (verdict == null) {
                    next.run();
                } else {
                    apply(stage, verdict, next);
                }
            };
        }

        private void apply(String stage, MilterVerdict verdict, Runnable next) {
            StepOutcome outcome = MessageInspection.apply(message, stage, verdict, MilterPeer.LOCAL);
            if (outcome == StepOutcome.DONE) {
                next.run();
                return;
            }
            boolean isOfRecipient = stage.equals("RCPT") && verdict.reply() != null;
            if (isOfRecipient) {
                String id = message.arrival().queueIdText();
                warn(id + ": milter configuration error: can't reject recipient in non-smtpd(8) submission");
                warn(id + ": message not accepted, try again later");
            }
            close();
            answer.give(done -> isOfRecipient ? StepOutcome.refuse(MISCONFIGURED) : outcome);
        }

        private void show(MilterSession opened) {
            answer.give(whole ->
                    new MessageInspection(whole, opened, MilterPeer.LOCAL, this::warn, this::close).run(whole));
        }

        private void close() {
            if (session != null) {
                session.close();
            }
        }

        @Override
        public @Nullable String value(String name) {
            return switch (name) {
                case "_" -> CLIENT + " [127.0.0.1]";
                case "client_addr", "daemon_addr" -> "127.0.0.1";
                case "client_name", "client_ptr" -> CLIENT;
                case "client_port", "daemon_port" -> "0";
                case "i" -> message.arrival().queueIdText();
                case "mail_addr" -> external(sender);
                case "rcpt_addr" -> recipient == null ? null : external(recipient);
                default -> null;
            };
        }
    }
}
