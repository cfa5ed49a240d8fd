// SPDX-License-Identifier: Apache-2.0
/**
 * What tables on servers have in common: addresses, connections, keys and results; and those that need no library.
 * Thread: workers; a lookup blocks.
 */
@NullMarked
package dev.stafette.engine.table.server;

import org.jspecify.annotations.NullMarked;
