// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;

/** Sends the content of one message, the final dot included. Thread: event loop. */
interface BodyTransfer {
    /** The quickest way for the content, the server and the connection; {@code onSent}: when the system has all of it. */
    static BodyTransfer of(SmtpSession session, Attempt attempt, Runnable onSent) {
        MessageBody body = attempt.request().body();
        BodyFilter filter = BodyFilters.choose(body, session.offered(), session.settings());
        if (session.workarounds().has(PixWorkarounds.Kind.DELAY_DOTCRLF)) {
            return new DelayedDot(
                    session,
                    attempt,
                    filter == null ? BodyFilters.AS_IT_IS : filter,
                    session.settings().habits().pixDelay(),
                    onSent);
        }
        if (filter == null && !session.isSecure()) {
            return new RegionTransfer(session, attempt, onSent);
        }
        return filter == null && BodyCopy.isSmall(body)
                ? new CopyTransfer(session, attempt, onSent)
                : new FilteredTransfer(session, attempt, filter == null ? BodyFilters.AS_IT_IS : filter, onSent);
    }

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
