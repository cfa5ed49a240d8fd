// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import dev.stafette.codec.address.MailAddress;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Stub. One per session (after each EHLO): the part that is the same for all its messages is encoded once. Thread: any. */
public final class ReceivedHeader {
    private ReceivedHeader() {}

    /**
     * @param clientName from DNS, or {@code unknown}
     * @param clientAddress as RFC 5321 §4.1.3 writes it, without brackets ({@code IPv6:::1})
     * @param protocol SMTP, ESMTP, UTF8SMTP, … (RFC 5321 §4.4, RFC 6531 §4.3)
     */
    public static ReceivedHeader ofClient(
            String helo, String clientName, String clientAddress, String host, String protocol) {
        throw new UnsupportedOperationException("in work");
    }

    public static ReceivedHeader ofUser(int userId, String host) {
        throw new UnsupportedOperationException("in work");
    }

    /** @param recipient the only one of the message; null when there are several */
    public void write(String queueId, @Nullable MailAddress recipient, MailDate date, long epochMs, ByteBuf out) {
        throw new UnsupportedOperationException("in work");
    }
}
