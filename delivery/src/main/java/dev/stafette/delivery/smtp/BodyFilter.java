// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.buffer.ByteBuf;

/** Converts stored content, however it is split: dot-stuffed CRLF lines in and out. Thread: event loop. */
interface BodyFilter {
    /** Consumes {@code in} and appends to {@code out}; both are borrowed. */
    void filter(ByteBuf in, ByteBuf out);

    /** All has been filtered: appends what was held back. */
    void finish(ByteBuf out);
}
