// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import java.util.EnumSet;
import java.util.Set;

/**
 * XCLIENT: a program in front of the server says who the client is that it speaks for, and the session begins again.
 * Thread: event loop; it has no state.
 */
final class XclientStep implements VerbStep {
    private static final Set<ClientAttribute> ATTRIBUTES =
            EnumSet.range(ClientAttribute.NAME, ClientAttribute.DESTPORT);

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.transaction() != null) {
            return session.refuse(SmtpPhrasebook.IN_TRANSACTION);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        if (!session.client().mayXclient()) {
            return session.refuse(SmtpPhrasebook.UNAUTHORIZED);
        }
        ClientAttributes attributes = new ClientAttributes("XCLIENT", ATTRIBUTES);
        SmtpReply wrong = attributes.read(((SmtpCommand.Extension) command).argument());
        String protocol = attributes.value(ClientAttribute.PROTO);
        if (wrong == null && protocol != null) {
            boolean isKnown = protocol.equalsIgnoreCase("SMTP") || protocol.equalsIgnoreCase("ESMTP");
            wrong = isKnown ? null : ClientAttributes.badSyntax(ClientAttribute.PROTO, protocol);
        }
        if (wrong != null) {
            return session.refuse(wrong);
        }
        session.log().transcript().end();
        return session.beginAgain(attributes);
    }
}
