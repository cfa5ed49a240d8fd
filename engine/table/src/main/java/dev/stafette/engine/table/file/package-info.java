// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in files: indexes, texts, the machine's own. A file that changes is noticed, and read again on a worker.
 * Thread: any.
 *
 * <p>In Postfix: the dictionaries of postmap(1) and postalias(1).
 */
@NullMarked
package dev.stafette.engine.table.file;

import org.jspecify.annotations.NullMarked;
