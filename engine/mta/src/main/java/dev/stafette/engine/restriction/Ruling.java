// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all lists together say of a command.
 * Thread: any (a value).
 *
 * @param refusal null when the command is welcome
 * @param ifPermitted what the lists of later commands must not permit, but defer with this reply; null: nothing
 * @param effects in the order of the checks; those on the message count even if this recipient is refused
 */
public record Ruling(@Nullable SmtpReply refusal, @Nullable SmtpReply ifPermitted, List<Effect> effects) {
    public static final Ruling WELCOME = new Ruling(null, null, List.of());
}
