// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in LDAP directories. Thread: workers; a lookup blocks.
 *
 * <p>In Postfix: ldap_table(5), for all through proxymap(8).
 */
@NullMarked
package dev.stafette.engine.table.ldap;

import org.jspecify.annotations.NullMarked;
