// SPDX-License-Identifier: Apache-2.0
/**
 * Tables in LDAP directories. Thread: workers; a lookup blocks.
 */
@NullMarked
package dev.stafette.engine.table.ldap;

import org.jspecify.annotations.NullMarked;
