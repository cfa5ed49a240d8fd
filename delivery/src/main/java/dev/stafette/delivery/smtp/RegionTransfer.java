// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends content as it is stored: dot-stuffed, the final dot included. It goes from file to socket inside the kernel, unless
 * it is small and has commands behind it: then both are one write.
 * Thread: event loop.
 */
final class RegionTransfer implements BodyTransfer {
    private final SmtpSession session;
    private final Attempt attempt;
    private final Runnable onSent;

    // Owned by the loop.
    private BodyRegion @Nullable [] regions;
    private int releasedCount;
    private boolean broken;
    private long copied;

    RegionTransfer(SmtpSession session, Attempt attempt, Runnable onSent) {
        this.session = session;
        this.attempt = attempt;
        this.onSent = onSent;
    }

    @Override
    public void start() {
        MessageBody body = attempt.request().body();
        BodyRegion[] parts = new BodyRegion[body.partCount()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new BodyRegion(body.partChannel(i), body.partPosition(i), body.partLengthBytes(i), this);
        }
        regions = parts;
        ByteBuf head = body.head();
        if (head != null) {
            int length = head.readableBytes();
            session.send(head.retainedDuplicate(), () -> copied += length);
        }
        for (BodyRegion part : parts) {
            attempt.retainBody();
            session.send(part);
        }
    }

    @Override
    public boolean isStartedWhole() {
        return true;
    }

    @Override
    public void startBefore(ByteBuf commands) {
        ByteBuf copy = copyOf(attempt.request().body(), commands.readableBytes());
        if (copy == null) {
            start();
            session.send(commands);
            return;
        }
        copy.writeBytes(commands);
        commands.release();
        copied = copy.readableBytes();
        session.send(copy, onSent);
    }

    /** Null when it is too large, or cannot be read: the kernel will say why. */
    private @Nullable ByteBuf copyOf(MessageBody body, int roomBytes) {
        try {
            return BodyCopy.isSmall(body) ? BodyCopy.of(body, session.loop().contents(), roomBytes) : null;
        } catch (IOException e) {
            return null;
        }
    }

    void onRegionReleased(boolean whole) {
        broken |= !whole;
        releasedCount++;
        if (!broken && regions != null && releasedCount == regions.length) {
            onSent.run();
        }
        attempt.releaseBody();
    }

    @Override
    public long progress() {
        long sum = copied;
        if (regions != null) {
            for (BodyRegion part : regions) {
                sum += part.transferred();
            }
        }
        return sum;
    }
}
