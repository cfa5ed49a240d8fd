// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;

/**
 * What a program made of a message.
 * Thread: any (a value).
 *
 * @param text of a delivery what the program said; else why it is none, as the log has it
 */
public record CommandResult(Kind kind, EnhancedStatus status, String text) {
    static CommandResult failed(EnhancedStatus status, String text) {
        return new CommandResult(status.statusClass() == 4 ? Kind.DEFERRED : Kind.BOUNCED, status, text);
    }

    /** Nothing that the program did: worth another attempt. */
    public static CommandResult notRun(String text) {
        return failed(EnhancedStatus.of(4, 3, 0), text);
    }
}
