// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * A table that answers from memory or a mapped file, whoever asks, and holds nothing that has to be given back.
 * Thread: any; an event loop may ask it.
 */
public interface MemoryTable extends Table {
    /** Memory goes with the table, and so does what it maps. */
    @Override
    default void close() {}
}
