// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.intake.MessageIntake;

/** Whose content a {@link ContentReceiver} takes. Thread: event loop. */
interface ContentOwner {
    /** Opens the message that the content is for. */
    MessageIntake openMessage();

    /** The end of the message, or of a chunk of it, has come. */
    void onReceived();
}
