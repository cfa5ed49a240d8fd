// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * A table that can say what is in it, for {@code postmap -s}.
 * Thread: any; a large one takes its time.
 */
public interface ListedTable extends Table {
    /** In no order that means anything. */
    void forEach(RowConsumer consumer);

    /** Takes one row. */
    interface RowConsumer {
        void onRow(String key, String value);
    }
}
