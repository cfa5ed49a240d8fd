// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that is done to the head of each message. Thread: event loop; a step keeps nothing. */
interface IntakeStep {
    /** The order matters: what stands lower in the message is written later. */
    List<IntakeStep> ALL = List.of(
            new HopCountStep(),
            new ReceivedStep(),
            new MissingHeadersStep(),
            new HeaderCopyStep(),
            new HeaderAddressStep(),
            new MailboxLineStep());

    /** Null, or why the message is refused. */
    @Nullable
    SmtpReply apply(MessageHead head);
}
