// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

/**
 * What a sink saw in all.
 * Thread: any (a value).
 */
record SinkFigures(long messages, long unique, long duplicates, long deferred, long connections, int peakConnections) {}
