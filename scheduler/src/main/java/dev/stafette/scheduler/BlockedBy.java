// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * The one thing that waiting recipients wait for.
 *
 * @param reason in words, for listings
 * @param untilNs when it ends; {@link #UNTIL_EVENT} when it ends by an event, not by time
 * @param scope who waits for it
 */
public record BlockedBy(String reason, long untilNs, Scope scope) {
    public static final long UNTIL_EVENT = Long.MAX_VALUE;

    /** DESTINATION: all that is ready for it. JOB: one message there, and the others go on. */
    public enum Scope {
        DESTINATION,
        JOB
    }

    /** A destination waits for it. */
    public BlockedBy(String reason, long untilNs) {
        this(reason, untilNs, Scope.DESTINATION);
    }
}
