// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in databases: mysql, pgsql, sqlite. Drivers are loaded with the first table that wants one. Thread:
 * workers; a lookup blocks.
 */
@NullMarked
package dev.stafette.engine.table.sql;

import org.jspecify.annotations.NullMarked;
