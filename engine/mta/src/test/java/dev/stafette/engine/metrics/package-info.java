// SPDX-License-Identifier: Apache-2.0
/** Tests of histograms and counts. */
@NullMarked
package dev.stafette.engine.metrics;

import org.jspecify.annotations.NullMarked;
