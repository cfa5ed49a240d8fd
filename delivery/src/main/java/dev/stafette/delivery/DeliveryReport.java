// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request.
 *
 * @param outcomes one a recipient of the request, in its order
 * @param siteFailure why the destination counts as failed for the concurrency window (the last server
 *     tried could not be talked to); null when any session reached a normal end
 * @param connectNs time for DNS, connection, greeting and EHLO; 0 on a reused connection
 * @param transmitNs time from MAIL to the last reply
 */
public record DeliveryReport(
        DeliveryOutcome[] outcomes, @Nullable String siteFailure, long connectNs, long transmitNs) {}
