// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.buffer.ByteBuf;

/** Sends the content of one message, the final dot included. Thread: event loop. */
interface BodyTransfer {
    void start();

    /** Whether {@link #start} hands over all of it, so that something can be sent behind it at once. */
    default boolean isStartedWhole() {
        return false;
    }

    /** As {@link #start}, with commands behind the content, which are taken. */
    default void startBefore(ByteBuf commands) {
        throw new IllegalStateException("the content is not handed over at once");
    }

    /** The channel takes more after it did not. */
    default void onWritable() {}

    /** Grows with every byte that the system has taken. */
    long progress();
}
