// SPDX-License-Identifier: Apache-2.0
/**
 * How long every stage takes that a message passes, and how often what happens: HdrHistograms and counts, written by the
 * threads that do the work without touching each other, and merged by whoever reads.
 *
 * <p>Thread: {@link dev.stafette.engine.metrics.Meter} its owner's, {@link dev.stafette.engine.metrics.Metrics} any. It
 * refuses to know what the stages mean and who shows them.
 */
@NullMarked
package dev.stafette.engine.metrics;

import org.jspecify.annotations.NullMarked;
