// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.MessageBody;
import org.jspecify.annotations.Nullable;

/**
 * Sends content as it is stored: dot-stuffed, the final dot included. It goes from file to socket inside the kernel.
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
        for (BodyRegion part : parts) {
            attempt.retainBody();
            session.send(part);
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
        long sum = 0;
        if (regions != null) {
            for (BodyRegion part : regions) {
                sum += part.transferred();
            }
        }
        return sum;
    }
}
