// SPDX-License-Identifier: Apache-2.0
/** Smoke tests of the benchmarks. */
@NullMarked
package dev.stafette.bench;

import org.jspecify.annotations.NullMarked;
