// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;

/**
 * One thing that is done to each message between its last byte and the queue. It may change envelope and header of a message
 * of any size, and may take its time: then that message waits, and nothing else.
 * Thread: the event loop of the message, which must not be kept.
 *
 * <p>A step keeps nothing of a message; one that must is a {@link MessageStep}. What is to be done before the content has come,
 * a {@link HeaderStep} does.
 */
public interface IntakeStep {
    /** The order is that of the fields that are put on top, and each step sees what those before it have done. */
    List<IntakeStep> ALL = List.of(
            new HopCountStep(),
            new MessageIdStep(),
            new OrderedFieldsStep(),
            new ReceivedStep(),
            new OrderedCopiesStep(),
            new EnvelopeAddressStep(),
            new RedirectStep(),
            new MissingHeadersStep(),
            new FieldCleanupStep(),
            new HeaderAddressStep(),
            new MailboxLineStep(),
            new ContentFilterStep(),
            new SmtpUtf8Step());

    /** How long an answer may take, and longer than any client of ours waits for a filter. RFC 5321 §4.5.3.2.6 gives 10 min. */
    Duration ANSWER_TIME_MAX = Duration.ofSeconds(300);

    /** Whether it is about messages that come in that way. */
    default boolean appliesTo(Entrance entrance) {
        return entrance != Entrance.REPORT;
    }

    /** Whether {@link #onContent} is to be called; only what a {@link MessageStep} has made is asked. */
    default boolean readsContent() {
        return false;
    }

    /** The next piece of what follows the header's blank line, borrowed, in the stored wire form, as it goes to the disk. */
    default void onContent(ByteBuf piece) {}

    /** The message is complete. */
    StepOutcome apply(MessageDraft message);

    /** After this time without an answer the message is refused for now. */
    default Duration answerTimeMax() {
        return ANSWER_TIME_MAX;
    }
}
