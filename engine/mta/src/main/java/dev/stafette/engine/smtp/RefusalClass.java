// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.notice.NoticeClass;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal is to the postmaster, as Postfix's smtpd(8) classes it.
 * Thread: any; it has no state.
 */
final class RefusalClass {
    private RefusalClass() {}

    /** Of one that no list rules; null: it is none, or says only that the session ends. */
    static @Nullable NoticeClass of(SmtpReply reply) {
        if (reply.isPositive()) {
            return null;
        }
        if (reply.code() == 421) {
            return reply.text().endsWith("too many errors") ? NoticeClass.PROTOCOL : null;
        }
        if (reply == SmtpPhrasebook.NEED_HELLO || reply == SmtpPhrasebook.VRFY_DISABLED) {
            return NoticeClass.POLICY;
        }
        if (reply == SmtpPhrasebook.VERP_OF_NOBODY) {
            return null;
        }
        EnhancedStatus status = reply.status();
        if (reply.code() == 501 || status == null) {
            return NoticeClass.PROTOCOL;
        }
        return switch (status.subject()) {
            case 7 -> NoticeClass.POLICY;
            case 3 -> reply.isTransient() ? ofSystem(status) : NoticeClass.BOUNCE;
            case 4, 6 -> NoticeClass.BOUNCE;
            default -> NoticeClass.PROTOCOL;
        };
    }

    private static NoticeClass ofSystem(EnhancedStatus status) {
        return status.detail() == 5 ? NoticeClass.SOFTWARE : NoticeClass.RESOURCE;
    }

    /** Of one that comes of what the lists say, of how much room there is, or of a message that is complete. */
    static NoticeClass ofRuling(String stage, SmtpReply reply) {
        EnhancedStatus status = reply.status();
        if (status == null) {
            return NoticeClass.POLICY;
        }
        boolean isOfContent = status.subject() == 3 || status.subject() == 4 || status.subject() == 6;
        if (isOfContent && stage.equals(SessionState.AFTER_CONTENT)) {
            return Objects.requireNonNullElse(of(reply), NoticeClass.POLICY);
        }
        return switch (status.subject()) {
            case 1 -> ofAddress(reply, status);
            case 3 ->
                switch (status.detail()) {
                    case 0 -> NoticeClass.DATA;
                    case 1 -> NoticeClass.RESOURCE;
                    case 5 -> NoticeClass.SOFTWARE;
                    default -> NoticeClass.POLICY;
                };
            case 5 -> reply.code() == 503 ? NoticeClass.PROTOCOL : NoticeClass.POLICY;
            default -> NoticeClass.POLICY;
        };
    }

    /** A recipient or sender that is not there would have been a bounce. */
    private static NoticeClass ofAddress(SmtpReply reply, EnhancedStatus status) {
        int detail = status.detail();
        boolean isGone = detail == 0 || detail == 1 || detail == 6;
        return reply.isPermanent() && isGone ? NoticeClass.BOUNCE : NoticeClass.POLICY;
    }
}
