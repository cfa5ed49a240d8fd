// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import java.util.EnumSet;
import java.util.Set;

/**
 * XFORWARD: a content filter says whom the next message came from first, for the log.
 * Thread: event loop; it has no state.
 */
final class XforwardStep implements VerbStep {
    private static final Set<ClientAttribute> ATTRIBUTES = EnumSet.of(
            ClientAttribute.NAME,
            ClientAttribute.ADDR,
            ClientAttribute.PORT,
            ClientAttribute.PROTO,
            ClientAttribute.HELO,
            ClientAttribute.IDENT,
            ClientAttribute.SOURCE);

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.transaction() != null) {
            return session.refuse(SmtpPhrasebook.IN_TRANSACTION);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        if (!session.client().mayXforward()) {
            return session.refuse(SmtpPhrasebook.UNAUTHORIZED);
        }
        ClientAttributes attributes = session.client().forwarded();
        if (attributes == null) {
            attributes = new ClientAttributes("XFORWARD", ATTRIBUTES);
        }
        SmtpReply wrong = attributes.read(((SmtpCommand.Extension) command).argument());
        // What stood before the mistake holds, as in Postfix.
        session.client().setForwarded(attributes);
        return wrong == null ? session.accept(SmtpPhrasebook.OK) : session.refuse(wrong);
    }
}
