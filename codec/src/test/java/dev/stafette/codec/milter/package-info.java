// SPDX-License-Identifier: Apache-2.0
/** Tests of the language of milters. */
@NullMarked
package dev.stafette.codec.milter;

import org.jspecify.annotations.NullMarked;
