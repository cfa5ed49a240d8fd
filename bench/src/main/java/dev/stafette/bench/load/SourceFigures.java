// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

/**
 * What a source saw.
 * Thread: any (a value).
 *
 * @param refusedCount answered with 4xx or 5xx, or not at all
 * @param seconds until the last answer
 * @param p50Ms of MAIL to 250, or in a paced run from when the message was due
 */
record SourceFigures(
        long acknowledgedCount,
        long refusedCount,
        double seconds,
        double p50Ms,
        double p99Ms,
        double p999Ms,
        double maxMs) {
    double perSecond() {
        return seconds > 0 ? acknowledgedCount / seconds : 0;
    }
}
