// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;

/**
 * Asked to send what waits for a site (RFC 1985). There are no lists of what waits for which site, so that all are refused
 * as Postfix refuses those that {@code fast_flush_domains} does not name; the extension is not offered.
 * Thread: event loop.
 */
final class EtrnStep implements VerbStep {
    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.settings().protocol().needsHello() && session.hello() == Hello.NONE) {
            return session.refuse(SmtpPhrasebook.ETRN_NEED_HELLO);
        }
        if (session.exchange().transaction() != null) {
            return session.refuse(SmtpPhrasebook.ETRN_IN_TRANSACTION);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        return session.refuseEtrn(((SmtpCommand.Etrn) command).domain());
    }
}
