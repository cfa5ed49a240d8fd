// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.MessageOrders;
import dev.stafette.engine.milter.MilterSession;
import dev.stafette.engine.milter.MilterVerdict;
import dev.stafette.engine.restriction.RecipientFacts;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the milters of a session of a command that is good so far, and goes on with it, or ends it, by what they say.
 * Thread: event loop.
 */
final class MilterTurn {
    private static final int SHUTDOWN = 421;

    private MilterTurn() {}

    /** Whether anybody listens; where nobody does, no command need make a turn of what it has still to do. */
    static boolean isHeard(SmtpServerSession session) {
        return session.milters().session() != null;
    }

    /** {@code verb}: as it was said. A refusal holds for what follows, but for that it ends the session. */
    static Outcome helo(SmtpServerSession session, String verb, Hello hello, Supplier<Outcome> goOn) {
        MilterSession to = session.milters().session();
        if (to == null) {
            return goOn.get();
        }
        return ask(session, then -> to.helo(hello.name(), then), verdict -> {
            Hello before = session.state().hello();
            session.state().setHello(new Hello(hello.name(), before.isExtended()));
            SmtpReply refusal = verdict == null ? null : session.milters().take(verb, verdict, null, null);
            session.state().setHello(before);
            if (before != Hello.NONE) {
                to.abort();
            }
            return refusal != null && refusal.code() == SHUTDOWN ? session.refuse(refusal) : goOn.get();
        });
    }

    /** {@code goOn}: with what is to be done with the message. */
    static Outcome mail(
            SmtpServerSession session,
            SmtpCommand.Mail mail,
            MessageOrders orders,
            Function<MessageOrders, Outcome> goOn) {
        MilterSession to = session.milters().session();
        MilterMacroValues values = session.milters().macros();
        if (to == null || values == null || orders.isDiscarded()) {
            return goOn.apply(orders);
        }
        session.milters().beginMail();
        values.setSender(mail.sender());
        return ask(session, then -> to.mail(CommandArguments.of(mail), then), verdict -> {
            SmtpReply refusal = verdict == null ? null : session.milters().take("MAIL", verdict, mail.sender(), null);
            if (refusal != null) {
                session.milters().reset();
                return session.refuse(refusal);
            }
            return goOn.apply(verdict == null ? orders : ordered(orders, verdict));
        });
    }

    /** {@code refused}: by others, who have said so; null: not. */
    static Outcome rcpt(
            SmtpServerSession session,
            Transaction transaction,
            EnvelopeRecipient recipient,
            RecipientFacts facts,
            @Nullable SmtpReply refused,
            Supplier<Outcome> goOn) {
        MilterSession to = session.milters().session();
        MilterMacroValues values = session.milters().macros();
        if (to == null || values == null || transaction.orders().isDiscarded()) {
            return goOn.get();
        }
        values.setRecipient(facts, refused);
        return ask(session, then -> to.rcpt(CommandArguments.of(recipient), refused != null, then), verdict -> {
            SmtpReply refusal = verdict == null || refused != null
                    ? null
                    : session.milters().take("RCPT", verdict, transaction.givenSender(), recipient.address());
            values.setRecipient(null, null);
            if (refusal != null) {
                return session.refuse(refusal);
            }
            if (verdict != null && refused == null) {
                transaction.setOrders(ordered(transaction.orders(), verdict));
            }
            return goOn.get();
        });
    }

    /** {@code command}: DATA or BDAT. */
    static Outcome data(
            SmtpServerSession session,
            String command,
            Transaction transaction,
            Supplier<Outcome> goOn,
            Function<SmtpReply, Outcome> refuse) {
        MilterSession to = session.milters().session();
        if (to == null || transaction.orders().isDiscarded()) {
            return goOn.get();
        }
        return ask(session, to::data, verdict -> {
            RecipientFacts only = transaction.acceptedCount() == 1 ? transaction.firstRecipient() : null;
            SmtpReply refusal = verdict == null
                    ? null
                    : session.milters()
                            .take(command, verdict, transaction.givenSender(), only == null ? null : only.recipient());
            if (refusal != null) {
                return refuse.apply(refusal);
            }
            if (verdict != null) {
                transaction.setOrders(ordered(transaction.orders(), verdict));
            }
            return goOn.get();
        });
    }

    /** A command that there is not; {@code usual}: the reply to it. */
    static Outcome unknown(SmtpServerSession session, String command, SmtpReply usual) {
        MilterSession to = session.milters().session();
        if (to == null) {
            return session.refuse(usual);
        }
        return ask(session, then -> to.unknown(command, then), verdict -> {
            SmtpReply refusal = verdict == null ? null : session.milters().take("UNKNOWN", verdict, null, null);
            return session.refuse(refusal == null ? usual : refusal);
        });
    }

    private static Outcome ask(
            SmtpServerSession session,
            Consumer<Consumer<@Nullable MilterVerdict>> event,
            Function<@Nullable MilterVerdict, Outcome> then) {
        MilterAnswer answer = new MilterAnswer();
        event.accept(answer);
        return answer.isThere() ? then.apply(answer.verdict()) : session.await(answer::listen, then);
    }

    private static MessageOrders ordered(MessageOrders orders, MilterVerdict verdict) {
        return switch (verdict.kind()) {
            case HOLD -> orders.held();
            case DISCARD -> orders.discarded();
            case SHUTDOWN, REFUSE -> orders;
        };
    }
}
