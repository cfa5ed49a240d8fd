// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

/**
 * What a sink has seen.
 * Thread: any (a value).
 *
 * @param messages taken, {@code unique + duplicates + unnumbered}
 * @param unnumbered without a sequence number
 * @param bytes of content, as it came over the wire
 * @param refused connections that got a 421 at once
 * @param peakConnections of one address
 * @param seconds between the first and the last message
 */
public record SinkCounts(
        long messages,
        long unique,
        long duplicates,
        long unnumbered,
        long bytes,
        long deferred,
        long failed,
        long connections,
        long refused,
        int peakConnections,
        double seconds) {
    public double perSecond() {
        return seconds > 0 ? messages / seconds : 0;
    }
}
