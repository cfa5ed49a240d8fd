// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Where the answers of a table come from that takes its time: a server, a database.
 * Thread: any.
 */
public interface SlowSource {
    /** Blocks until the answer is there. A source whose answers come by themselves waits for one, as here. */
    default TableAnswer answer(String key) {
        BlockingQueue<TableAnswer> answers = new ArrayBlockingQueue<>(1);
        start(key, answers::add);
        try {
            return answers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TableAnswer.unavailable("interrupted");
        }
    }

    /** Returns at once; the listener hears the answer once, within bounded time, on any thread. */
    void start(String key, Consumer<TableAnswer> listener);
}
