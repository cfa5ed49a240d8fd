// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in files: indexes, texts, the machine's own. A file that changes is noticed, and read again on a worker.
 * Thread: any.
 */
@NullMarked
package dev.stafette.engine.table.file;

import org.jspecify.annotations.NullMarked;
