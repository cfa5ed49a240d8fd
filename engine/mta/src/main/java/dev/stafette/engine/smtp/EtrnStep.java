// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.util.Locale;

/**
 * Has mail that waits for a domain delivered now (RFC 1985), for those of {@code fast_flush_domains}.
 * Thread: event loop.
 */
final class EtrnStep implements VerbStep {
    /** What becomes of the request. */
    private record Judgement(Ruling ruling, Finding isServed) {}

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.settings().protocol().needsHello() && session.state().hello() == Hello.NONE) {
            return session.refuse(SmtpPhrasebook.ETRN_NEED_HELLO);
        }
        SmtpReply standing = session.milters().standing();
        if (standing != null) {
            return session.refuse(standing);
        }
        if (session.transaction() != null) {
            return session.refuse(SmtpPhrasebook.ETRN_IN_TRANSACTION);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        String domain = ((SmtpCommand.Etrn) command).domain();
        return session.ask(inquiry -> judge(session, domain, inquiry), judged -> end(session, domain, judged));
    }

    private static Judgement judge(SmtpServerSession session, String domain, Inquiry inquiry) {
        SmtpServerSettings settings = session.settings();
        Ruling ruling = settings.restrictions()
                .atEtrn(
                        SessionFacts.ofEtrn(session, domain),
                        inquiry,
                        session.rulings().pending());
        return new Judgement(
                ruling,
                ruling.refusal() == null
                        ? settings.flushDomains().find(domain.toLowerCase(Locale.ROOT), inquiry)
                        : Finding.NOT_FOUND);
    }

    private static Outcome end(SmtpServerSession session, String domain, Judgement judged) {
        SmtpReply refusal = session.rulings().take("ETRN", judged.ruling(), null, null);
        if (refusal != null) {
            return session.refuse(refusal);
        }
        if (judged.isServed() == Finding.NOT_FOUND) {
            session.log().etrnRejected(domain);
            return session.refuse(SmtpPhrasebook.etrnRefused(domain));
        }
        boolean isAsked = judged.isServed() == Finding.FOUND
                && session.service().intake().queue().offerFlush(domain.toLowerCase(Locale.ROOT));
        return isAsked ? session.accept(SmtpPhrasebook.ETRN_QUEUED) : session.refuse(SmtpPhrasebook.ETRN_NOT_QUEUED);
    }
}
