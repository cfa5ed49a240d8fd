// SPDX-License-Identifier: Apache-2.0
/** Tests of the mechanisms. */
@NullMarked
package dev.stafette.codec.sasl;

import org.jspecify.annotations.NullMarked;
