// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderScanner;
import dev.stafette.codec.message.MailDate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.ZoneId;

/**
 * What the messages that arrive on one event loop share.
 * Thread: event loop.
 */
public final class IntakeLoop {
    private final EventLoop owner;
    private final ByteBufAllocator allocator;
    private final IntakeQueue queue;
    private final BodyMemory memory;
    private final MailDate date;
    private final HeaderScanner scanner = new HeaderScanner();

    /** @param bodyBytesMax of content in memory on this loop */
    public IntakeLoop(EventLoop owner, ByteBufAllocator allocator, IntakeQueue queue, ZoneId zone, long bodyBytesMax) {
        this.owner = owner;
        this.allocator = allocator;
        this.queue = queue;
        this.date = new MailDate(zone);
        this.memory = new BodyMemory(bodyBytesMax);
    }

    EventLoop owner() {
        return owner;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    public IntakeQueue queue() {
        return queue;
    }

    BodyMemory memory() {
        return memory;
    }

    MailDate date() {
        return date;
    }

    /** Reset, for one message's head at a time. */
    HeaderScanner scanner() {
        scanner.reset();
        return scanner;
    }

    /** Bytes of content that are in memory, for watching. */
    public long bodyBytes() {
        return memory.bytes();
    }
}
