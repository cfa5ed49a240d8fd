// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;

/** One exchange of a session with its server. Thread: event loop. */
interface SessionStep {
    SessionStage stage();

    /** The reply is borrowed until return. */
    void onReply(SmtpReplyDecoder reply);

    /** The connection was lost during the step. */
    void onBroken(DeliveryOutcome why);

    /** What it means that the connection has gone. */
    default DeliveryOutcome lost(Peer peer) {
        return OutcomePolicy.lost(peer, stage());
    }

    /** The channel takes more after it did not. */
    default void onWritable() {}

    /** A count that grows while there is progress without a reply. */
    default long progress() {
        return 0;
    }
}
