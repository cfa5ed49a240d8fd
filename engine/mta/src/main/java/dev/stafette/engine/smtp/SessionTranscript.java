// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.notice.SessionNotice;
import dev.stafette.engine.notice.Transcript;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session's client and we have said, which the postmaster gets if something was wrong that is of interest.
 * Thread: event loop.
 *
 * <p>A session in which a notice is handed in again, by a filter for one, gives no other one.
 */
final class SessionTranscript {
    private static final byte[] LOGIN = "AUTH ...".getBytes(StandardCharsets.US_ASCII);

    private final ServiceLoop service;
    private final SessionClient client;

    // Owned by the session.
    private final Set<NoticeClass> noted = EnumSet.noneOf(NoticeClass.class);
    private @Nullable Transcript transcript;
    private @Nullable String abortReason;
    private boolean hasNotice;
    /** The next refusal comes of a ruling, whose class is noted. */
    private boolean isRuled;

    SessionTranscript(ServiceLoop service, SessionClient client) {
        this.service = service;
        this.client = client;
    }

    private Postmaster postmaster() {
        return service.settings().postmaster();
    }

    /** Null when nobody would be told of it. */
    private @Nullable Transcript transcript() {
        if (transcript == null && !postmaster().notices().classes().isEmpty()) {
            transcript = new Transcript();
        }
        return transcript;
    }

    /** What the client says to AUTH is nobody's business. */
    void hear(SmtpLineDecoder line, SmtpCommand command, SmtpVerb verb) {
        Transcript kept = transcript();
        if (kept != null && verb == SmtpVerb.AUTH) {
            kept.hear(LOGIN);
        } else if (kept != null) {
            kept.hear(line);
        }
        if (verb == SmtpVerb.MAIL
                && command instanceof SmtpCommand.Mail mail
                && postmaster().notices().isNotice(mail.sender())) {
            hasNotice = true;
        }
    }

    /** {@code said}: as it is said; {@code reply}: as it was meant. */
    void say(SmtpReply said, SmtpReply reply) {
        Transcript kept = transcript();
        if (kept != null) {
            kept.say(said);
        }
        NoticeClass one = isRuled ? null : RefusalClass.of(reply);
        isRuled &= reply.isPositive();
        if (one != null) {
            noted.add(one);
        }
    }

    /** The reply that ends a message, and makes good what was wrong before. */
    void sayQueued(String queueId, long chunkedBytes) {
        Transcript kept = transcript();
        if (kept != null) {
            kept.sayQueued(queueId, chunkedBytes);
        }
        noted.clear();
    }

    /** The next reply but a positive one is this, and comes of what the lists say. */
    void noteRuling(String stage, SmtpReply refusal) {
        noted.add(RefusalClass.ofRuling(stage, refusal));
        isRuled = true;
    }

    /** The client is gone, or was told to go. */
    void abort(String reason) {
        abortReason = reason;
    }

    /** The client begins something else: tells of what was before, if that was long (smtpd_history_flush_threshold). */
    void pause() {
        Transcript kept = transcript;
        if (kept != null && kept.lineCount() > service.settings().limits().historyLineCount()) {
            end();
        }
    }

    /** Tells of what was, and forgets it. */
    void end() {
        Transcript kept = transcript;
        if (kept == null) {
            return;
        }
        boolean isTold =
                !noted.isEmpty() && noted.stream().anyMatch(postmaster().notices()::tellsOf);
        if (isTold && !hasNotice && kept.lineCount() > 0) {
            SessionNotice notice = new SessionNotice(
                    noted.contains(NoticeClass.BOUNCE),
                    "SMTP server: errors from " + client.text(),
                    "",
                    kept.lines(),
                    abortReason == null ? "" : "Session aborted, reason: " + abortReason);
            postmaster().tell(notice, service.intake(), service.log());
        }
        kept.clear();
        noted.clear();
    }
}
