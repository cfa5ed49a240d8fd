// SPDX-License-Identifier: Apache-2.0
/** Tests of milters. */
@NullMarked
package dev.stafette.engine.milter;

import org.jspecify.annotations.NullMarked;
