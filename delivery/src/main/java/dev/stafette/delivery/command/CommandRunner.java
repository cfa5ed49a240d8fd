// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.delivery.MessageBody;

/**
 * Runs programs with messages on their standard input, and says what became of those.
 * Thread: any; it waits for the program.
 */
public interface CommandRunner {
    /**
     * @param body borrowed
     * @param epochMs the time of delivery
     */
    CommandResult run(CommandOrder order, MessageBody body, long epochMs);
}
