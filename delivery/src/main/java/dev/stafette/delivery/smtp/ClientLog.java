// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import org.jspecify.annotations.Nullable;

/**
 * What is logged of an attempt beside its outcome: servers that could not be reached or deferred
 * recipients, while others were tried. Thread: an outbound event loop; it must not block.
 */
public interface ClientLog {
    ClientLog SILENT = (queueId, text) -> {};

    /** The text is printable; {@code queueId} is null where the notice is about a server rather than a message. */
    void onNotice(@Nullable String queueId, String text);

    /** A protocol violation of a server. */
    default void onWarning(String text) {
        onNotice(null, "warning: " + text);
    }

    /** A handshake has succeeded; {@code isResumed}: with an earlier session's keys. */
    default void onHandshake(boolean isResumed, long ns) {}

    /** A new connection is past EHLO. */
    default void onSession() {}
}
