// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

/**
 * A way out. Takes requests from the queue agent and reports through the request's listener, exactly once a request,
 * also when it is closed meanwhile. Of an envelope that only asks nothing is delivered: DELIVERED says that it could
 * be.
 * Thread: any; an implementation hands over to its own loop and does not block the caller.
 */
public interface Transport extends AutoCloseable {
    void deliver(DeliveryRequest request);

    /**
     * Another has taken its place, and no request follows: what is unused is closed now, what is under way ends as it began.
     *
     * @param onIdle run once, on any thread, when nothing is open any more
     */
    default void retire(Runnable onIdle) {
        // Nothing to close, in one that keeps nothing.
        onIdle.run();
    }

    /** Ends every session; undecided recipients are reported as deferred. Waits a bounded time. */
    @Override
    void close();
}
