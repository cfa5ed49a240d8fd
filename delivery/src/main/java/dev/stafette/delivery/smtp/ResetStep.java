// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;

/** RSET after a transaction that was given up (RFC 5321 §4.1.1.5), before another message may go. Thread: event loop. */
final class ResetStep implements SessionStep {
    private final SmtpSession session;

    ResetStep(SmtpSession session) {
        this.session = session;
        session.send("RSET");
    }

    @Override
    public SessionStage stage() {
        return SessionStage.RSET;
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        if (reply.code() / 100 == 2 && !session.hasUnsent()) {
            session.release(false);
        } else {
            session.close();
        }
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        // The message has had its outcome.
    }
}
