// SPDX-License-Identifier: Apache-2.0
/**
 * The visible list of table types, and how the tables of a configuration are opened, now or when they can be.
 * Thread: any.
 *
 * <p>In Postfix: the list of types that postconf(1) prints with -m.
 */
@NullMarked
package dev.stafette.engine.table.types;

import org.jspecify.annotations.NullMarked;
