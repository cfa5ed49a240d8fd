// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

/** Sends the content of one message, the final dot included. Thread: event loop. */
interface BodyTransfer {
    void start();

    /** The channel takes more after it did not. */
    default void onWritable() {}

    /** Grows with every byte that the system has taken. */
    long progress();
}
