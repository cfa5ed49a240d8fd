// SPDX-License-Identifier: Apache-2.0
/**
 * What deliveries cost besides the codec.
 */
@NullMarked
package dev.stafette.bench.delivery;

import org.jspecify.annotations.NullMarked;
