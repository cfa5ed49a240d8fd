// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.policy.RecipientPolicy;
import org.jspecify.annotations.Nullable;

/** Opens a transaction (RFC 5321 §4.1.1.2, RFC 1870 §6.1). Thread: event loop. */
final class MailStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        SmtpReply misplaced = misplaced(session);
        if (misplaced != null) {
            return session.refuse(misplaced);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        SmtpCommand.Mail mail = (SmtpCommand.Mail) command;
        if (session.client().isTooOften(ClientEvent.MESSAGE)) {
            return session.refuse(session.replies().tooMuchMail(session.addressText()));
        }
        SmtpReply noRoom = noRoom(session, mail.sizeBytes());
        if (noRoom != null) {
            return session.reject("MAIL", noRoom, mail.sender(), null);
        }
        SessionClient client = session.client();
        if (!isUndecided(session)) {
            return begin(session, mail);
        }
        return session.ask(client.isImmediate(), () -> client.ask(client.facts().name()), standing -> {
            client.onKnown(standing);
            return isUndecided(session)
                    ? session.reject("MAIL", RecipientPolicy.lookupFailure(mail.sender()), mail.sender(), null)
                    : begin(session, mail);
        });
    }

    private static boolean isUndecided(SmtpServerSession session) {
        return session.settings().clients().isUndecided(session.client().facts());
    }

    private static Outcome begin(SmtpServerSession session, SmtpCommand.Mail mail) {
        session.exchange().begin(mail);
        return session.accept(SmtpPhrasebook.SENDER_OK);
    }

    private static @Nullable SmtpReply misplaced(SmtpServerSession session) {
        if (session.settings().protocol().needsHello() && session.hello() == Hello.NONE) {
            return SmtpPhrasebook.NEED_HELLO;
        }
        if (session.exchange().transaction() != null) {
            return SmtpPhrasebook.NESTED_MAIL;
        }
        return session.exchange().isChunked() ? SmtpPhrasebook.MAIL_AFTER_BDAT : null;
    }

    private static @Nullable SmtpReply noRoom(SmtpServerSession session, long sizeBytes) {
        long sizeBytesMax = session.settings().limits().messageBytes();
        if (sizeBytesMax > 0 && sizeBytes > sizeBytesMax) {
            return SmtpPhrasebook.SIZE_LIMIT;
        }
        if (session.exchange().isShortOfSpace()) {
            return SmtpPhrasebook.NO_SPACE;
        }
        return null;
    }
}
