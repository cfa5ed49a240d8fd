// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

/**
 * Where the time went that a delivery took, as {@code delays=a/b/c/d} tells it; {@code delay} is their sum.
 * Thread: any (a value).
 *
 * @param beforeQueueNs from the arrival until the message was active, earlier attempts included
 * @param inQueueNs active, until the attempt began
 * @param connectNs DNS, connection, greeting and EHLO
 * @param transmitNs from MAIL to the last reply
 */
public record Delays(long beforeQueueNs, long inQueueNs, long connectNs, long transmitNs) {
    long totalNs() {
        return beforeQueueNs + inQueueNs + connectNs + transmitNs;
    }
}
