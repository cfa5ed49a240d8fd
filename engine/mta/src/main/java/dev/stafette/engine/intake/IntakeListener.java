// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** Whoever brings a message. Thread: the event loop of the message. */
public interface IntakeListener {
    /** There is room again for content. */
    void onRoom();

    /** The message is in the queue, on stable storage; or it is not, for the reason that the reply gives. Told once. */
    void onEnd(@Nullable SmtpReply refusal);
}
