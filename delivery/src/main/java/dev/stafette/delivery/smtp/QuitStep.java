// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;

/** QUIT. Nobody waits for its reply; reading it spares the server a reset connection. Thread: event loop. */
final class QuitStep implements SessionStep {
    private final SmtpSession session;

    QuitStep(SmtpSession session) {
        this.session = session;
        session.send("QUIT");
    }

    @Override
    public SessionStage stage() {
        return SessionStage.QUIT;
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        // It may be another's, and QUIT not sent yet.
        session.flush();
        session.close();
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        // The message has had its outcome.
    }
}
