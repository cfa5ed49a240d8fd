// SPDX-License-Identifier: Apache-2.0
/**
 * What the mail log and the histograms cost.
 */
@NullMarked
package dev.stafette.bench.engine;

import org.jspecify.annotations.NullMarked;
