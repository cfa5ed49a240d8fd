// SPDX-License-Identifier: Apache-2.0
/**
 * Lookup tables: from {@code type:name}, as main.cf has it, to something that answers a key.
 *
 * <p>Thread: each {@link dev.stafette.engine.table.Table} may be used by any thread. Who asks brings an
 * {@link dev.stafette.engine.table.Inquiry}: tables in memory answer at once, and one that takes its time is asked on threads
 * of its own ({@link dev.stafette.engine.table.SharedLookups}) while the judgement waits. This package refuses to know what a
 * table is for: which keys are tried in which order is the business of whoever looks up. In Postfix this is the library of
 * dictionaries and proxymap(8).
 *
 * <p>A type is one class and one line in {@link dev.stafette.engine.table.types.TableTypes}. Of the three answers, "not now"
 * is never taken for "not found".
 */
@NullMarked
package dev.stafette.engine.table;

import org.jspecify.annotations.NullMarked;
