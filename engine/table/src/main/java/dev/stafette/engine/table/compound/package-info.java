// SPDX-License-Identifier: Apache-2.0
/**
 * Tables made of other tables or of nothing: pipemap, unionmap, randmap, static, fail, memory-cached. Thread: any.
 *
 * <p>In Postfix: pipemap, unionmap, randmap, static and fail of the library, in DATABASE_README and postmap(1).
 */
@NullMarked
package dev.stafette.engine.table.compound;

import org.jspecify.annotations.NullMarked;
