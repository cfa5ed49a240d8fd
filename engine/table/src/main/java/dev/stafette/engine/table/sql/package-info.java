// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in databases: mysql, pgsql, sqlite. Drivers are loaded with the first table that wants one. Thread:
 * workers; a lookup blocks.
 *
 * <p>In Postfix: mysql_table(5), pgsql_table(5), sqlite_table(5), for all through proxymap(8).
 */
@NullMarked
package dev.stafette.engine.table.sql;

import org.jspecify.annotations.NullMarked;
