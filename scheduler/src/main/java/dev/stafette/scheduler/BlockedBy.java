// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * The one thing that a destination's waiting recipients wait for.
 *
 * @param reason in words, for listings
 * @param untilNs when it ends; {@link #UNTIL_EVENT} when it ends by an event, not by time
 */
public record BlockedBy(String reason, long untilNs) {
    public static final long UNTIL_EVENT = Long.MAX_VALUE;
}
