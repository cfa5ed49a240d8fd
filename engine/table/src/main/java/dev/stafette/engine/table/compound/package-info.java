// SPDX-License-Identifier: Apache-2.0
/**
 * Tables made of other tables or of nothing: pipemap, unionmap, randmap, static, fail, memory-cached. Thread: any.
 */
@NullMarked
package dev.stafette.engine.table.compound;

import org.jspecify.annotations.NullMarked;
