// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;

/**
 * How replies are said: softened by {@code soft_bounce}, and slowly to a client that makes errors.
 * Thread: event loop.
 */
final class SessionReplies {
    private final ServiceLoop service;
    private final Connection connection;
    private final SessionState state;

    // Owned by the session.
    private long delayNs;

    SessionReplies(ServiceLoop service, Connection connection, SessionState state) {
        this.service = service;
        this.connection = connection;
        this.state = state;
    }

    /** The next reply waits so long, at least. */
    void delayNext(long ns) {
        delayNs = ns;
    }

    /** True: with this reply the server closes (RFC 5321 §3.8). */
    boolean say(SmtpReply reply) {
        SmtpReply said = soften(reply);
        SessionLimits limits = service.settings().limits();
        boolean slow = state.errorCount() >= limits.softErrorCount();
        connection.reply(said, Math.max(delayNs, slow ? limits.errorSleep().toNanos() : 0));
        delayNs = 0;
        return said.code() == 421 || said.code() == 521;
    }

    /** As it will be said. */
    SmtpReply soften(SmtpReply reply) {
        if (!service.settings().protocol().softBounce() || !reply.isPermanent()) {
            return reply;
        }
        EnhancedStatus status = reply.status();
        return SmtpReply.ofLines(reply.code() - 100, status == null ? null : status.withClass(4), reply.lines());
    }
}
