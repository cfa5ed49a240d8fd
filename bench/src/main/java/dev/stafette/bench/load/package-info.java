// SPDX-License-Identifier: Apache-2.0
/**
 * Source, relay and sink on one machine, each a process or threads of its own: the figures that count.
 */
@NullMarked
package dev.stafette.bench.load;

import org.jspecify.annotations.NullMarked;
