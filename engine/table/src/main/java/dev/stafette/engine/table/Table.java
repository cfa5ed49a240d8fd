// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * One lookup table.
 * Thread: any.
 */
public interface Table extends AutoCloseable {
    /** May block when the table is not immediate. The key is folded to lower case by the table, where its type does that. */
    TableAnswer lookup(String key);

    /** Whether it answers from memory or a mapped file, so that an event loop may ask it; other tables are for workers. */
    boolean isImmediate();

    /**
     * Whether keys are fixed text, so that parts of an address (@domain, parent domains) make sense as keys; false for
     * patterns.
     */
    boolean isFixedText();

    /** Nothing may be looked up afterwards. */
    @Override
    void close();
}
