// SPDX-License-Identifier: Apache-2.0
/**
 * Whether an address is deliverable, as verify(8) knows it: a cache with times of life, and probes, which are messages that
 * nobody gets and that go through intake, routes and scheduler as mail does (ADDRESS_VERIFICATION_README).
 *
 * <p>Thread: one event loop owns the cache and what is asked; whoever asks is answered when the probe has its outcome, and
 * not later than he said. The file is read and written by workers. The package refuses to know what an answer means for a
 * client.
 */
@NullMarked
package dev.stafette.engine.verify;

import org.jspecify.annotations.NullMarked;
