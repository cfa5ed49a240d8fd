// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;

/** Between messages. Any reply now, most likely 421, ends the session. Thread: event loop. */
final class IdleStep implements SessionStep {
    private final SmtpSession session;

    IdleStep(SmtpSession session) {
        this.session = session;
    }

    @Override
    public SessionStage stage() {
        return SessionStage.IDLE;
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        session.close();
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        // No message is concerned, and ClientLoop.forget has taken it from the idle ones.
    }
}
