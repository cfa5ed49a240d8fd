// SPDX-License-Identifier: Apache-2.0
/** Tests of how tables are opened. */
@NullMarked
package dev.stafette.engine.table.types;

import org.jspecify.annotations.NullMarked;
