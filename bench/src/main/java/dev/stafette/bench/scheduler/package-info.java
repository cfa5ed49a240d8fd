// SPDX-License-Identifier: Apache-2.0
/**
 * What the scheduler costs a message, and what a queued recipient takes in memory.
 */
@NullMarked
package dev.stafette.bench.scheduler;

import org.jspecify.annotations.NullMarked;
