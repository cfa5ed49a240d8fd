// SPDX-License-Identifier: Apache-2.0
/** Tests of the decisions. */
@NullMarked
package dev.stafette.engine.names;

import org.jspecify.annotations.NullMarked;
