// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;

/** What a session hears of its handshake. Thread: event loop. */
interface TlsListener {
    /** STARTTLS has had its effect: the client begins again. */
    void onTlsStarted();

    /** The client is at its limit of TLS sessions: this is all that it hears. */
    void turnAway(SmtpReply last);

    /** There is nobody to talk to any more. */
    void onLost();
}
