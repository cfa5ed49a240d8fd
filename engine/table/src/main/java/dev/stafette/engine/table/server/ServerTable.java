// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.Table;

/**
 * A table that asks a server, or reads a database.
 * Thread: any that may block.
 */
public interface ServerTable extends Table {
    @Override
    default boolean isImmediate() {
        return false;
    }
}
