// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/**
 * A part of a stored body on its way to a socket. It leaves the file open, which is shared with other messages, where
 * Netty's own closes it.
 * Thread: event loop.
 */
final class BodyRegion extends DefaultFileRegion {
    private final RegionTransfer owner;

    BodyRegion(FileChannel file, long position, long lengthBytes, RegionTransfer owner) {
        super(file, position, lengthBytes);
        this.owner = owner;
    }

    @Override
    protected void deallocate() {
        owner.onRegionReleased(transferred() == count());
    }
}
