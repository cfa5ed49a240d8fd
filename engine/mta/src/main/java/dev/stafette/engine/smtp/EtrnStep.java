// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Has mail that waits for a domain delivered now (RFC 1985), for those of {@code fast_flush_domains}.
 * Thread: event loop.
 */
final class EtrnStep implements VerbStep {
    /** What becomes of the request; a reply: it is refused. */
    private record Judgement(@Nullable SmtpReply refusal, Finding isServed) {}

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.settings().protocol().needsHello() && session.hello() == Hello.NONE) {
            return session.refuse(SmtpPhrasebook.ETRN_NEED_HELLO);
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
        Facts facts = new Facts(session.client().facts(), session.hello().name(), null, null, domain);
        SmtpReply refusal = settings.restrictions()
                .at(RestrictionStage.ETRN, facts, inquiry)
                .refusal();
        return new Judgement(
                refusal,
                refusal == null
                        ? settings.flushDomains().find(domain.toLowerCase(Locale.ROOT), inquiry)
                        : Finding.NOT_FOUND);
    }

    private static Outcome end(SmtpServerSession session, String domain, Judgement judged) {
        SmtpReply refusal = judged.refusal();
        if (refusal != null) {
            return session.reject("ETRN", refusal, null, null);
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
