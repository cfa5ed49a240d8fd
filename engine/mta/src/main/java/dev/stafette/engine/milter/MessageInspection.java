// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.checks.NewField;
import dev.stafette.engine.intake.AddedFieldChecks;
import dev.stafette.engine.intake.EnvelopeChanges;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.engine.log.RejectedMail;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows one message to the milters of its session, one after the other; each sees what those before it have made of header and
 * body. The first that has something to say ends it.
 * Thread: event loop.
 */
final class MessageInspection {
    static final String AFTER_CONTENT = "END-OF-MESSAGE";

    private final MilterSession session;
    private final MilterPeer peer;
    private final Consumer<String> warnings;
    private final Runnable onEnd;
    private final OwnReceived own;
    private final @Nullable AddedFieldChecks checks;
    private final EnvelopeChanges envelope = new EnvelopeChanges();

    // Owned by the loop.
    private int index;

    /** {@code onEnd}: when the milters have seen it, or it has gone. */
    MessageInspection(
            MessageDraft message, MilterSession session, MilterPeer peer, Consumer<String> warnings, Runnable onEnd) {
        this.session = session;
        this.peer = peer;
        this.warnings = warnings;
        this.onEnd = onEnd;
        this.own = new OwnReceived(message);
        this.checks = AddedFieldChecks.of(message, new MessageClient(peer.client(), peer.protocol(), peer.helo()));
    }

    /** What a step says, now or later. */
    StepOutcome run(MessageDraft message) {
        List<MilterClient> clients = session.clients();
        while (index < clients.size()) {
            MilterClient client = clients.get(index++);
            if (client.tryBeginMessage()) {
                return show(message, client);
            }
            MilterVerdict standing = client.standing();
            if (standing != null) {
                return apply(message, standing);
            }
        }
        onEnd.run();
        return envelope.apply(message);
    }

    private StepOutcome show(MessageDraft message, MilterClient client) {
        StepAnswer answer = message.answersLater();
        MessageChanges changes = new MessageChanges(message, own, client.wantsLeadingSpace(), warnings);
        new ContentInspection(
                        message,
                        client,
                        own,
                        changes,
                        message.readText(session.rules().workers()),
                        verdict -> {
                            if (client.hasFailed()) {
                                changes.forget();
                            }
                            client.endMessage();
                            if (message.isClosed()) {
                                changes.close();
                                onEnd.run();
                            } else {
                                answer.give(seen -> onSeen(seen, changes, verdict));
                            }
                        })
                .run();
        return StepOutcome.LATER;
    }

    private StepOutcome onSeen(MessageDraft message, MessageChanges changes, @Nullable MilterVerdict verdict) {
        if (verdict != null && verdict.kind() != MilterVerdict.Kind.HOLD) {
            changes.close();
            return apply(message, verdict);
        }
        AddedFieldChecks judges = checks;
        if (judges == null) {
            return take(message, changes, changes.newFields(), verdict);
        }
        return judges.judge(message, changes.newFields(), new AddedFieldChecks.Rest() {
            @Override
            public StepOutcome run(MessageDraft taken, List<@Nullable NewField> fields) {
                judges.obey(taken, envelope);
                return take(taken, changes, fields, verdict);
            }

            @Override
            public void onEnd(@Nullable SmtpReply refusal) {
                changes.close();
                session.onRefused(refusal);
                MessageInspection.this.onEnd.run();
            }
        });
    }

    private StepOutcome take(
            MessageDraft message,
            MessageChanges changes,
            List<? extends @Nullable NewField> fields,
            @Nullable MilterVerdict verdict) {
        envelope.addAll(changes.apply(fields));
        changes.close();
        return verdict == null ? run(message) : apply(message, verdict);
    }

    private StepOutcome apply(MessageDraft message, MilterVerdict verdict) {
        session.onRefused(verdict.reply());
        onEnd.run();
        StepOutcome outcome = apply(message, AFTER_CONTENT, verdict, peer);
        return outcome == StepOutcome.DONE ? envelope.apply(message) : outcome;
    }

    /** Does and logs what a milter wants. {@code stage}: for the log. */
    static StepOutcome apply(MessageDraft message, String stage, MilterVerdict verdict, MilterPeer peer) {
        if (verdict.kind() == MilterVerdict.Kind.HOLD && message.orders().isHeld()) {
            return StepOutcome.DONE;
        }
        List<EnvelopeRecipient> recipients = message.arrival().envelope().recipients();
        message.log()
                .inspected(
                        message.arrival().queueIdText(),
                        verdict.action(),
                        stage,
                        peer.client(),
                        verdict.textWithoutCode(),
                        new RejectedMail(
                                message.envelope().sender().external(),
                                recipients.isEmpty()
                                        ? null
                                        : recipients
                                                .get(recipients.size() - 1)
                                                .address()
                                                .external(),
                                peer.protocol(),
                                peer.helo()));
        SmtpReply reply = verdict.reply();
        if (reply != null) {
            return StepOutcome.refuse(reply);
        }
        if (verdict.kind() == MilterVerdict.Kind.DISCARD) {
            return StepOutcome.DISCARD;
        }
        message.hold();
        return StepOutcome.DONE;
    }
}
