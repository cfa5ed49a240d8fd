// SPDX-License-Identifier: Apache-2.0
/**
 * Lookup tables: from {@code type:name}, as main.cf has it, to something that answers a key.
 *
 * <p>Thread: each {@link dev.stafette.engine.table.Table} may be used by any thread; one that is not immediate blocks,
 * and is for the workers. This package refuses to know what a table is for: which keys are tried in which order is the
 * business of whoever looks up.
 *
 * <p>A type is one class and one line in {@link dev.stafette.engine.table.types.TableTypes}. Of the three answers, "not now"
 * is never taken for "not found".
 */
@NullMarked
package dev.stafette.engine.table;

import org.jspecify.annotations.NullMarked;
