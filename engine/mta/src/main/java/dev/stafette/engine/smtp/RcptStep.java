// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.restriction.RecipientRoutes;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.verify.ProbeSender;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds a recipient that the restrictions allow (RFC 5321 §4.1.1.3), or says with VRFY whether it would be allowed.
 * Thread: event loop.
 */
final class RcptStep implements VerbStep {
    private static final EnhancedStatus MAYBE = EnhancedStatus.of(2, 0, 0);
    private static final EnhancedStatus NO_RETURN = EnhancedStatus.of(5, 7, 1);

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        Transaction transaction = session.transaction();
        if (transaction == null) {
            return session.refuse(SmtpPhrasebook.NEED_MAIL);
        }
        if (session.isChunked()) {
            return session.refuse(SmtpPhrasebook.RCPT_AFTER_BDAT);
        }
        if (command instanceof BadCommand bad && bad.reply() == SmtpPhrasebook.RCPT_SYNTAX) {
            return session.refuse(bad.reply());
        }
        if (session.client().isTooOften(ClientEvent.RECIPIENT)) {
            return session.refuse(session.service()
                    .replies()
                    .tooManyRecipients(session.client().addressText()));
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(
                    leadsNowhere(session, bad, transaction.isSmtpUtf8()) ? SmtpPhrasebook.BAD_RECIPIENT : bad.reply());
        }
        if (transaction.acceptedCount() >= session.settings().limits().recipientCount()) {
            return tooMany(session, transaction);
        }
        EnvelopeRecipient recipient = ((SmtpCommand.Rcpt) command).recipient();
        MailAddress prober = ofOurProbes(session, recipient.address());
        if (prober != null) {
            return welcome(session, transaction, recipient.at(prober));
        }
        RecipientRoutes routes = session.settings().recipients();
        if (routes.takesReports()
                && routes.isFalseReturn(recipient.address(), session.service().epochMs())) {
            return refuseReturn(session, transaction, recipient.address());
        }
        return judge(
                session,
                transaction,
                recipient.address(),
                transaction.isSmtpUtf8(),
                judged -> add(session, transaction, recipient, judged));
    }

    /** Null for any address but that of our own probes, and else that without the time that may stand in it. */
    static @Nullable MailAddress ofOurProbes(SmtpServerSession session, MailAddress address) {
        ProbeSender probes = session.settings().probeSender();
        return probes.isLike(address) ? probes.bareOf(address, session.service().epochMs() / 1000) : null;
    }

    /** Whoever probes the address that our probes come from finds that it exists; refused, it would refuse ours in turn. */
    private static Outcome welcome(SmtpServerSession session, Transaction transaction, EnvelopeRecipient recipient) {
        MailAddress address = recipient.address();
        RecipientFacts facts =
                session.settings().recipients().facts(address, address, transaction.sender(), Inquiry.AT_ONCE);
        return MilterTurn.rcpt(session, transaction, recipient, facts, null, () -> {
            return take(session, transaction, recipient, recipient, facts);
        });
    }

    /** What bounces is none of ours, or it comes months too late. */
    private static Outcome refuseReturn(SmtpServerSession session, Transaction transaction, MailAddress address) {
        SmtpReply reply = SmtpReply.of(
                550,
                NO_RETURN,
                "<" + address.unquoted() + ">: Recipient address rejected: not a return address of ours");
        session.rulings().take("RCPT", new Ruling(reply, null, List.of()), transaction.givenSender(), address);
        return session.refuse(reply);
    }

    /** VRFY (RFC 5321 §3.5.3: 252 promises nothing). */
    static Outcome verify(SmtpServerSession session, SmtpCommand command) {
        if (!session.settings().protocol().hasVrfy()) {
            return session.refuse(SmtpPhrasebook.VRFY_DISABLED);
        }
        SmtpReply standing = session.milters().standing();
        if (command instanceof BadCommand || standing != null) {
            return session.refuse(command instanceof BadCommand bad ? bad.reply() : Objects.requireNonNull(standing));
        }
        SmtpCommand.Vrfy asked = (SmtpCommand.Vrfy) command;
        MailAddress address = asked.address();
        Transaction transaction = session.transaction();
        return judge(session, transaction, address, asked.smtpUtf8(), judged -> {
            Ruling ruling = judged.ruling();
            if (ruling == null) {
                return session.refuse(SmtpPhrasebook.BAD_RECIPIENT);
            }
            MailAddress sender = transaction == null ? null : transaction.givenSender();
            SmtpReply refusal = session.rulings().take("VRFY", ruling, sender, address);
            return refusal != null ? session.refuse(refusal) : session.accept(SmtpReply.of(252, MAYBE, asked.text()));
        });
    }

    /** What is wrong with the address comes before what is wrong with the parameters, if that can be told at once. */
    static boolean leadsNowhere(SmtpServerSession session, BadCommand bad, boolean smtpUtf8) {
        SmtpServerSettings settings = session.settings();
        MailAddress address = bad.address();
        return address != null && settings.rewriter().leadsNowhere(address, smtpUtf8, Inquiry.AT_ONCE);
    }

    private static Outcome add(
            SmtpServerSession session, Transaction transaction, EnvelopeRecipient recipient, Judgement judged) {
        Ruling ruling = judged.ruling();
        if (ruling == null) {
            return session.refuse(SmtpPhrasebook.BAD_RECIPIENT);
        }
        SmtpReply refusal = session.rulings().take("RCPT", ruling, transaction.givenSender(), recipient.address());
        RecipientFacts facts = judged.recipient();
        return MilterTurn.isHeard(session)
                ? MilterTurn.rcpt(
                        session,
                        transaction,
                        recipient,
                        facts,
                        refusal,
                        () -> end(session, transaction, recipient, facts, refusal))
                : end(session, transaction, recipient, facts, refusal);
    }

    /** {@code refusal}: by the restrictions; null: none. */
    private static Outcome end(
            SmtpServerSession session,
            Transaction transaction,
            EnvelopeRecipient recipient,
            RecipientFacts facts,
            @Nullable SmtpReply refusal) {
        return refusal == null
                ? take(session, transaction, recipient, recipient.at(facts.target()), facts)
                : session.refuse(refusal);
    }

    /** {@code given}: as the client has it. */
    private static Outcome take(
            SmtpServerSession session,
            Transaction transaction,
            EnvelopeRecipient given,
            EnvelopeRecipient recipient,
            RecipientFacts facts) {
        return session.proxy().isThere()
                ? ProxyTurn.rcpt(session, given, () -> accept(session, transaction, recipient, facts))
                : accept(session, transaction, recipient, facts);
    }

    private static Outcome accept(
            SmtpServerSession session, Transaction transaction, EnvelopeRecipient recipient, RecipientFacts facts) {
        session.identify(transaction);
        transaction.add(recipient, facts);
        return session.accept(SmtpPhrasebook.RECIPIENT_OK);
    }

    /**
     * What the lists say of a recipient.
     *
     * @param ruling null when it leads to no address
     */
    private record Judgement(
            ClientStanding client,
            RecipientFacts recipient,
            @Nullable Ruling ruling) {}

    /** {@code smtpUtf8}: was declared. */
    private static Outcome judge(
            SmtpServerSession session,
            @Nullable Transaction transaction,
            MailAddress recipient,
            boolean smtpUtf8,
            Function<Judgement, Outcome> then) {
        SmtpServerSettings settings = session.settings();
        SessionClient client = session.client();
        // What could not be told when the client came may be told now.
        boolean asksAgain = client.facts().trust() == Finding.UNAVAILABLE;
        return session.ask(
                inquiry -> {
                    ClientStanding standing =
                            asksAgain ? client.ask(client.facts().names(), inquiry) : client.standing();
                    MailAddress target = settings.rewriter().tryRecipient(recipient, smtpUtf8, inquiry);
                    RecipientFacts facts = settings.recipients()
                            .facts(recipient, target, transaction == null ? null : transaction.sender(), inquiry);
                    return new Judgement(
                            standing,
                            facts,
                            target == null
                                    ? null
                                    : settings.restrictions()
                                            .atRecipient(
                                                    SessionFacts.of(session, standing, transaction, smtpUtf8, facts),
                                                    inquiry,
                                                    session.rulings().pending()));
                },
                judged -> {
                    if (asksAgain) {
                        client.onKnown(judged.client());
                    }
                    return then.apply(judged);
                });
    }

    /** A client that splits its messages is no attacker (RFC 5321 §4.5.3.1.10). */
    private static Outcome tooMany(SmtpServerSession session, Transaction transaction) {
        session.reply(SmtpPhrasebook.TOO_MANY_RECIPIENTS);
        int overshootMax = session.settings().limits().recipientOvershootCount();
        return Outcome.of(transaction.overshoot() <= overshootMax);
    }
}
