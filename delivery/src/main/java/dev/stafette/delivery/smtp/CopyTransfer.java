// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends small content as one buffer, since what is encrypted cannot go from file to socket inside the kernel.
 * Thread: event loop.
 */
final class CopyTransfer implements BodyTransfer {
    private final SmtpSession session;
    private final Attempt attempt;
    private final Runnable onSent;

    // Owned by the loop.
    private long sentBytes;

    CopyTransfer(SmtpSession session, Attempt attempt, Runnable onSent) {
        this.session = session;
        this.attempt = attempt;
        this.onSent = onSent;
    }

    @Override
    public void start() {
        send(0, null);
    }

    @Override
    public boolean isStartedWhole() {
        return true;
    }

    @Override
    public void startBefore(ByteBuf commands) {
        send(commands.readableBytes(), commands);
    }

    private void send(int roomBytes, @Nullable ByteBuf commands) {
        try {
            ByteBuf copy = BodyCopy.of(attempt.request().body(), session.loop().contents(), roomBytes);
            if (commands != null) {
                copy.writeBytes(commands);
            }
            sentBytes = copy.readableBytes();
            session.send(copy, onSent);
        } catch (IOException unreadable) {
            session.abort(OutcomePolicy.unreadable(unreadable));
        } finally {
            if (commands != null) {
                commands.release();
            }
        }
    }

    @Override
    public long progress() {
        return sentBytes;
    }
}
