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
 * @param effects in the order of the checks; those on the message count when it is accepted
 */
public record Ruling(@Nullable SmtpReply refusal, List<Effect> effects) {
    static final Ruling WELCOME = new Ruling(null, List.of());
}
