// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.function.Consumer;

/**
 * Where the answers of a table come from that takes its time: a server, a database.
 * Thread: any.
 */
public interface SlowSource {
    /** Blocks until the answer is there. */
    TableAnswer answer(String key);

    /** Returns at once; the listener hears the answer once, within bounded time, on any thread. */
    void start(String key, Consumer<TableAnswer> listener);
}
