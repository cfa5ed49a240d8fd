// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How a program ended, and what it said.
 * Thread: any (a value).
 *
 * @param exitValue as a shell has it: 128 and the signal where one killed it. Java tells no more, and so a program that exits
 *     with such a value counts as killed
 * @param output its first bytes, on one line
 */
record CommandEnding(boolean isTimedOut, int exitValue, String output) {
    private static final int SIGNALLED = 128;
    private static final int SIGNAL_MAX = 64;
    private static final EnhancedStatus UNSAID = EnhancedStatus.of(5, 0, 0);
    private static final EnhancedStatus REFUSED = EnhancedStatus.of(5, 3, 0);

    CommandResult result(String label) {
        if (isTimedOut) {
            return CommandResult.failed(REFUSED, "Command time limit exceeded: \"" + label + '"' + said());
        }
        if (exitValue == 0) {
            return new CommandResult(Kind.DELIVERED, EnhancedStatus.SENT, output);
        }
        if (exitValue > SIGNALLED && exitValue <= SIGNALLED + SIGNAL_MAX) {
            return CommandResult.notRun(
                    "Command died with signal " + (exitValue - SIGNALLED) + ": \"" + label + '"' + said());
        }
        EnhancedStatus given = EnhancedStatus.parsePrefix(output);
        if (given != null) {
            // A success that comes with a failure is a failure.
            return CommandResult.failed(
                    given.statusClass() == 2 ? UNSAID : given,
                    output.substring(given.toString().length()).stripLeading());
        }
        @Nullable ExitMeaning meaning = ExitMeaning.of(exitValue);
        return meaning != null
                ? CommandResult.failed(meaning.status(), meaning.text() + said())
                : CommandResult.failed(
                        REFUSED, "Command died with status " + exitValue + ": \"" + label + '"' + said());
    }

    private String said() {
        return output.isEmpty() ? "" : ". Command output: " + output;
    }
}
