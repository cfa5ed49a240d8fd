// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import java.time.ZoneId;

/** Stub. Thread: its owner's (it caches the last second). */
public final class MailDate {
    public MailDate(ZoneId zone) {}

    /** {@code Thu,  1 Jan 1970 00:00:00 +0000 (UTC)}, without line end. */
    public void write(long epochMs, ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }

    public String text(long epochMs) {
        throw new UnsupportedOperationException("in work");
    }
}
