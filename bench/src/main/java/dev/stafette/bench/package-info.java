// SPDX-License-Identifier: Apache-2.0
/**
 * The proof of speed: micro benchmarks whose packages mirror the modules, and whole topologies under load.
 *
 * <p>Nothing imports it. {@link dev.stafette.bench.Main} is the entry of the jar.
 */
@NullMarked
package dev.stafette.bench;

import org.jspecify.annotations.NullMarked;
