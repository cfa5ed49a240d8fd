// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * Knows the types of tables, which know nothing of each other.
 * Thread: any.
 */
@FunctionalInterface
public interface TableOpener {
    /** Throws a ConfigException for a type that is not known, and for a table that cannot be opened. May read files. */
    Table open(TableSpec spec, TableHost host);
}
