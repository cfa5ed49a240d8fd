// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.buffer.ByteBuf;

/**
 * Who takes what the client says next: a command line, the content of a message, the answer to a challenge of AUTH, a TLS
 * handshake. A {@link Connection} has one at a time, and each may hand over to the next in the middle of what was read.
 * Thread: event loop.
 */
interface Input {
    /** While something is waited for that is not the client: what it says is kept. */
    Input NOBODY = new Input() {
        @Override
        public void take(ByteBuf in) {
            throw new IllegalStateException("input that nobody takes");
        }

        @Override
        public boolean isReady() {
            return false;
        }
    };

    /** Takes some of what is there, at least a byte; what it leaves is for whoever is next. Borrowed. */
    void take(ByteBuf in);

    /** Whether it can take something now. If not, input is kept until {@link Connection#resume}. */
    default boolean isReady() {
        return true;
    }

    /** It comes faster than it can be stored: no more is to be read, not even to be kept. */
    default boolean isStalled() {
        return false;
    }

    /** Its bytes buy time ({@code smtpd_min_data_rate}), as those of a command do not. */
    default boolean isContent() {
        return false;
    }
}
