// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

/**
 * A step that keeps something of a message: another step, made for each, takes its place.
 * Thread: the event loop of the message.
 */
public interface MessageStep extends IntakeStep {
    /** The header is there, and {@link #onContent} comes next. Returns the step for this message: itself when it keeps nothing. */
    IntakeStep begin(MessageDraft message);
}
