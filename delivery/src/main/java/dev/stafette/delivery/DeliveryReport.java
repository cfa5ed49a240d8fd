// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request.
 *
 * @param outcomes one a recipient of the request, in its order; none when the request was given back untried
 * @param siteFailure why the destination counts as failed for the concurrency window (the last server
 *     tried could not be talked to); null when any session reached a normal end
 * @param waitNs time in the transport until the attempt began
 * @param connectNs time for DNS, connection, greeting and EHLO; 0 on a reused connection
 * @param transmitNs time from MAIL to the last reply
 */
public record DeliveryReport(
        DeliveryOutcome[] outcomes, @Nullable String siteFailure, long waitNs, long connectNs, long transmitNs) {
    private static final DeliveryReport UNTRIED = new DeliveryReport(new DeliveryOutcome[0], null, 0, 0, 0);

    /** The site is unwell: whoever gave the request may think again. */
    public static DeliveryReport untried() {
        return UNTRIED;
    }

    public boolean isUntried() {
        return outcomes.length == 0;
    }
}
