// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request.
 *
 * @param outcomes one a recipient of the request, in its order; none when the request was given back untried
 * @param siteFailure why the destination counts as failed for the concurrency window (the last server
 *     tried could not be talked to); null when any session reached a normal end
 * @param site what the next hop led to: the hosts that take its mail, by name in the order of the alphabet with commas between,
 *     and the port where it is not the usual one; empty when it did not come to that
 * @param waitNs time in the transport until the attempt began
 * @param connectNs time for DNS, connection, greeting and EHLO; 0 on a reused connection
 * @param transmitNs time from MAIL to the last reply
 */
public record DeliveryReport(
        DeliveryOutcome[] outcomes,
        @Nullable String siteFailure,
        String site,
        long waitNs,
        long connectNs,
        long transmitNs) {
    /** The next hop has led to no hosts, or the transport has none. */
    public static final String NO_SITE = "";

    private static final DeliveryOutcome[] NO_OUTCOMES = {};
    private static final DeliveryReport UNTRIED = untriedAt(NO_SITE);

    /** The site is unwell: whoever gave the request may think again. */
    public static DeliveryReport untried() {
        return UNTRIED;
    }

    /** The request was not for this site. */
    public static DeliveryReport untriedAt(String site) {
        return new DeliveryReport(NO_OUTCOMES, null, site, 0, 0, 0);
    }

    /** The same with other outcomes. */
    public DeliveryReport with(DeliveryOutcome[] others) {
        return new DeliveryReport(others, siteFailure, site, waitNs, connectNs, transmitNs);
    }

    public boolean isUntried() {
        return outcomes.length == 0;
    }
}
