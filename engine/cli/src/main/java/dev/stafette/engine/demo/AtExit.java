// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

/**
 * Something to do when this process ends before somebody closes this.
 * Thread: any.
 */
public final class AtExit implements AutoCloseable {
    private final Thread hook;

    public AtExit(Runnable task) {
        this.hook = new Thread(task, "at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** It need not be done any more. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and it is being done.
            return;
        }
    }
}
