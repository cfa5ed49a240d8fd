// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/**
 * What a check wants done beside accepting or refusing: something with the message, or a line in the log.
 * Thread: any (a value).
 *
 * @param argument as in {@link Verdict#argument}
 * @param text for the log; empty: nothing
 * @param reply of a refusal that {@code warn_if_reject} has made a warning; null otherwise
 */
public record Effect(
        AccessAction action,
        String argument,
        String text,
        @Nullable SmtpReply reply) {}
