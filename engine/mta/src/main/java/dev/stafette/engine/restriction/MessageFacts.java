// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * What is known of a message while its commands come.
 * Thread: any (a value).
 *
 * @param queueId in its text form; empty before the first recipient
 * @param recipientCount accepted so far
 * @param sizeBytes of its content; before the end, as MAIL has it; 0: not said
 * @param isComplete there will be no further recipients
 * @param isSmtpUtf8 declared by the client
 * @param isPipelined the client sent something without waiting, where it must
 * @param isHeld an earlier check holds it already
 * @param isDiscarded an earlier check has made it come to nothing: nothing more is checked
 */
public record MessageFacts(
        String queueId,
        int recipientCount,
        long sizeBytes,
        boolean isComplete,
        boolean isSmtpUtf8,
        boolean isPipelined,
        boolean isHeld,
        boolean isDiscarded) {
    /** Before MAIL. */
    public static final MessageFacts NONE = new MessageFacts("", 0, 0, false, false, false, false, false);
}
