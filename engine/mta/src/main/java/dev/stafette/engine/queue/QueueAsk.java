// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

/** Has something looked up in the queue: in one that runs, or in one that does not. Thread: any. */
public interface QueueAsk {
    /** False: too busy, ask again. */
    boolean ask(QueueCommand.Request request);
}
