// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * A table that answers from memory or a mapped file, and holds nothing that has to be given back.
 * Thread: any; an event loop may ask it.
 */
public interface MemoryTable extends Table {
    @Override
    default boolean isImmediate() {
        return true;
    }

    /** Memory goes with the table, and so does what it maps. */
    @Override
    default void close() {}
}
