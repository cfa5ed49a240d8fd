// SPDX-License-Identifier: Apache-2.0
/**
 * How long every stage takes that a message passes, and how often what happens: HdrHistograms and counts, written by the
 * threads that do the work without touching each other, and merged by whoever reads.
 *
 * <p>Thread: {@link dev.stafette.engine.metrics.Meter} its owner's, {@link dev.stafette.engine.metrics.Metrics} any. It
 * refuses to know what the stages mean and who shows them.
 *
 * <p>In Postfix: nothing; there scripts make such numbers of the log of smtpd(8), qmgr(8) and smtp(8).
 */
@NullMarked
package dev.stafette.engine.metrics;

import org.jspecify.annotations.NullMarked;
