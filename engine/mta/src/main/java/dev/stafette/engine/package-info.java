// SPDX-License-Identifier: Apache-2.0
/**
 * The process: the only module that knows the others. SMTP in, intake, the queue agent, administration, metrics,
 * configuration, start and stop.
 *
 * <p>In Postfix: master(8), with all daemons in one process.
 */
@NullMarked
package dev.stafette.engine;

import org.jspecify.annotations.NullMarked;
