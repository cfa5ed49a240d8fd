// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * A table that asks a server, or reads a database.
 * Thread: any that may block.
 */
interface ServerTable extends Table {
    @Override
    default boolean isImmediate() {
        return false;
    }
}
