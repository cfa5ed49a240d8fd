// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;

/** Stub. Thread: any. */
public final class MessageIds {
    private MessageIds() {}

    /** Writes {@code <YYYYMMDDhhmmss.QUEUEID@host>}. */
    public static void write(long epochMs, String queueId, String host, ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }

    public static String text(long epochMs, String queueId, String host) {
        throw new UnsupportedOperationException("in work");
    }
}
