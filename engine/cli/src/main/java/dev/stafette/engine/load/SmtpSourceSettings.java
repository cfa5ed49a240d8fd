// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What {@code smtp-source} does.
 * Thread: any (a value).
 *
 * @param target of TCP, or in the file system
 * @param dialect how it greets
 * @param message what it sends
 * @param recipientCount of a message
 * @param numbersRecipients each gets a number that does not come again
 * @param sessionCount at the same time
 * @param keepsConnections for one message after the other
 * @param endures replies that are not those it wants; else the first ends the run
 * @param connectAttempts of a connection that is refused
 * @param pause before each message
 * @param windowBytes of TCP; 0: the system's
 */
public record SmtpSourceSettings(
        SocketAddress target,
        Dialect dialect,
        SourceMessage message,
        int recipientCount,
        boolean numbersRecipients,
        int sessionCount,
        int messageCount,
        boolean keepsConnections,
        boolean endures,
        int connectAttempts,
        @Nullable Pause pause,
        int windowBytes) {
    /** What it says first. */
    public enum Dialect {
        SMTP("HELO"),
        LMTP("LHLO"),
        /** Nothing. */
        SILENT("");

        private final String greeting;

        Dialect(String greeting) {
            this.greeting = greeting;
        }

        String greeting() {
            return greeting;
        }
    }

    /** So many seconds, or at random up to as many. */
    public record Pause(int seconds, boolean isRandom) {}
}
