// SPDX-License-Identifier: Apache-2.0
/**
 * What the codec costs a message.
 */
@NullMarked
package dev.stafette.bench.codec;

import org.jspecify.annotations.NullMarked;
