// SPDX-License-Identifier: Apache-2.0
/**
 * What tables on servers have in common: addresses, connections, keys and results; and those that need no library.
 * Thread: workers; a lookup blocks.
 *
 * <p>In Postfix: tcp_table(5), socketmap_table(5), memcache_table(5), for all through proxymap(8).
 */
@NullMarked
package dev.stafette.engine.table.server;

import org.jspecify.annotations.NullMarked;
