// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.MessageOrders;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Restrictions;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.Finding;
import org.jspecify.annotations.Nullable;

/** Opens a transaction (RFC 5321 §4.1.1.2, RFC 1870 §6.1). Thread: event loop. */
final class MailStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        SmtpReply misplaced = misplaced(session);
        if (misplaced != null) {
            return session.refuse(misplaced);
        }
        if (command instanceof BadCommand bad && bad.reply() == SmtpPhrasebook.MAIL_SYNTAX) {
            return session.refuse(bad.reply());
        }
        if (session.client().isTooOften(ClientEvent.MESSAGE)) {
            return session.refuse(
                    session.service().replies().tooMuchMail(session.client().addressText()));
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(RcptStep.leadsNowhere(session, bad, false) ? SmtpPhrasebook.BAD_SENDER : bad.reply());
        }
        SmtpCommand.Mail given = (SmtpCommand.Mail) command;
        SmtpReply untimely = given.requiresTls() ? untimely(session) : null;
        if (untimely != null) {
            return session.refuse(untimely);
        }
        MailAddress prober = RcptStep.ofOurProbes(session, given.sender());
        SmtpCommand.Mail mail = prober == null ? given : given.from(prober);
        if (!AddressRewriter.isRouted(mail.sender())) {
            return take(session, mail);
        }
        SmtpServerSettings settings = session.settings();
        return session.ask(
                inquiry -> settings.rewriter().leadsNowhere(mail.sender(), mail.smtpUtf8(), inquiry),
                isBad -> isBad ? session.refuse(SmtpPhrasebook.BAD_SENDER) : take(session, mail));
    }

    private static Outcome take(SmtpServerSession session, SmtpCommand.Mail mail) {
        SmtpReply noRoom = noRoom(session, mail.sizeBytes());
        if (noRoom != null) {
            return session.reject("MAIL", noRoom, mail.sender(), null);
        }
        if (mail.verp() != null && mail.sender().isNull()) {
            return session.refuse(SmtpPhrasebook.VERP_OF_NOBODY);
        }
        SessionClient client = session.client();
        if (!isUndecided(session)) {
            return begin(session, mail);
        }
        return session.ask(inquiry -> client.ask(client.facts().names(), inquiry), standing -> {
            client.onKnown(standing);
            return isUndecided(session)
                    ? session.reject("MAIL", Restrictions.lookupFailure(mail.sender()), mail.sender(), null)
                    : begin(session, mail);
        });
    }

    private static boolean isUndecided(SmtpServerSession session) {
        return session.client().standing().local() == Finding.UNAVAILABLE;
    }

    private static Outcome begin(SmtpServerSession session, SmtpCommand.Mail mail) {
        Restrictions restrictions = session.settings().restrictions();
        if (restrictions.isDelayed() || !restrictions.has(RestrictionStage.SENDER)) {
            return open(session, mail, null);
        }
        Facts facts = SessionFacts.ofSender(
                session, mail.sender(), session.settings().rewriter().sender(mail.sender()), mail.smtpUtf8());
        return session.ask(
                inquiry -> restrictions.at(
                        RestrictionStage.SENDER,
                        facts,
                        inquiry,
                        session.rulings().pending(RestrictionStage.SENDER)),
                ruling -> {
                    SmtpReply refusal =
                            session.rulings().take(RestrictionStage.SENDER, "MAIL", ruling, mail.sender(), null);
                    return refusal == null ? open(session, mail, ruling) : session.refuse(refusal);
                });
    }

    /** {@code ruling}: what the restrictions have said of the sender; null: nothing yet. */
    private static Outcome open(SmtpServerSession session, SmtpCommand.Mail mail, @Nullable Ruling ruling) {
        MessageOrders orders = ruling == null ? MessageOrders.NONE : SessionRulings.ordersOf(ruling);
        return MilterTurn.isHeard(session)
                ? MilterTurn.mail(session, mail, orders, wanted -> accept(session, mail, wanted))
                : accept(session, mail, orders);
    }

    private static Outcome accept(SmtpServerSession session, SmtpCommand.Mail mail, MessageOrders orders) {
        Transaction transaction = new Transaction(
                mail,
                session.settings().rewriter().sender(mail.sender()),
                session.service().epochMs(),
                session.state().commandNs());
        transaction.setOrders(orders);
        session.proxy().begin(mail);
        session.open(transaction);
        return session.accept(SmtpPhrasebook.SENDER_OK);
    }

    /** RFC 8689 §2: REQUIRETLS is for sessions that were told of it. */
    private static @Nullable SmtpReply untimely(SmtpServerSession session) {
        if (!session.state().isSecure()) {
            return SmtpPhrasebook.REQUIRETLS_NEEDS_TLS;
        }
        return session.state().hello().isExtended() ? null : SmtpPhrasebook.unsupportedOption("REQUIRETLS");
    }

    private static @Nullable SmtpReply misplaced(SmtpServerSession session) {
        if (session.settings().protocol().needsHello() && session.state().hello() == Hello.NONE) {
            return SmtpPhrasebook.NEED_HELLO;
        }
        if (session.transaction() != null) {
            return SmtpPhrasebook.NESTED_MAIL;
        }
        return session.isChunked() ? SmtpPhrasebook.MAIL_AFTER_BDAT : null;
    }

    private static @Nullable SmtpReply noRoom(SmtpServerSession session, long sizeBytes) {
        long sizeBytesMax = session.settings().limits().messageBytes();
        if (sizeBytesMax > 0 && sizeBytes > sizeBytesMax) {
            return SmtpPhrasebook.SIZE_LIMIT;
        }
        ServiceLoop service = session.service();
        if (service.intake().queue().isShortOfSpace()
                || service.intake().queue().isTooLarge(sizeBytes)) {
            service.meter().count(Count.MESSAGES_SHED);
            return SmtpPhrasebook.NO_SPACE;
        }
        return null;
    }
}
