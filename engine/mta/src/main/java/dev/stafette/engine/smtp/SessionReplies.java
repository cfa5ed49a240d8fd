// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.ReplyFooter;
import java.util.function.Supplier;

/**
 * How replies are said: softened by {@code soft_bounce}, with a footer, and slowly to a client that makes errors.
 * Thread: event loop.
 */
final class SessionReplies {
    private final ServiceLoop service;
    private final Connection connection;
    private final SessionState state;
    private final Supplier<Facts> facts;
    private final SessionTranscript transcript;

    // Owned by the session.
    private long delayNs;

    /** {@code facts}: for what stands below refusals. */
    SessionReplies(
            ServiceLoop service,
            Connection connection,
            SessionState state,
            SessionTranscript transcript,
            Supplier<Facts> facts) {
        this.service = service;
        this.connection = connection;
        this.state = state;
        this.transcript = transcript;
        this.facts = facts;
    }

    /** The next reply waits so long, at least. */
    void delayNext(long ns) {
        delayNs = ns;
    }

    /** True: with this reply the server closes (RFC 5321 §3.8). */
    boolean say(SmtpReply reply) {
        SmtpReply said = complete(soften(reply));
        transcript.say(said, reply);
        SessionLimits limits = service.settings().limits();
        boolean slow = state.errorCount() >= limits.softErrorCount();
        connection.reply(said, Math.max(delayNs, slow ? limits.errorSleep().toNanos() : 0));
        delayNs = 0;
        return said.code() == 421 || said.code() == 521;
    }

    private SmtpReply complete(SmtpReply reply) {
        ReplyFooter footer = service.settings().footer();
        return footer == null || reply.isPositive()
                ? reply
                : footer.addTo(
                        reply,
                        facts.get(),
                        service.epochMs(),
                        text -> service.log().warning("smtpd", text));
    }

    /** As the log has it. */
    SmtpReply soften(SmtpReply reply) {
        if (!service.settings().protocol().softBounce() || !reply.isPermanent()) {
            return reply;
        }
        EnhancedStatus status = reply.status();
        return SmtpReply.ofLines(reply.code() - 100, status == null ? null : status.withClass(4), reply.lines());
    }
}
