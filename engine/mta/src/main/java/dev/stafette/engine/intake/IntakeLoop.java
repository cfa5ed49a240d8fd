// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.MailDate;
import dev.stafette.engine.table.Inquirer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.time.ZoneId;
import java.util.ArrayDeque;

/**
 * What the messages that arrive on one event loop share.
 * Thread: event loop.
 */
public final class IntakeLoop {
    /** Few messages have one at a time: those of which a part has come, or which a step keeps waiting. */
    private static final int SPARE_HEADERS_MAX = 16;

    /** Of slow tables for the addresses of one message: an alias may have a thousand, each with several keys. */
    private static final int LOOKUPS_MAX = 20_000;

    private final EventExecutor owner;
    private final ByteBufAllocator allocator;
    private final IntakeQueue queue;
    private final BodyMemory memory;
    private final MailDate date;
    private final Inquirer inquirer;

    // Owned by the loop: headers that no message has now.
    private final ArrayDeque<HeaderFields> spareHeaders = new ArrayDeque<>();

    /** @param bodyBytesMax of content in memory on this loop */
    public IntakeLoop(
            EventExecutor owner, ByteBufAllocator allocator, IntakeQueue queue, ZoneId zone, long bodyBytesMax) {
        this.owner = owner;
        this.allocator = allocator;
        this.queue = queue;
        this.date = new MailDate(zone);
        this.memory = new BodyMemory(bodyBytesMax);
        this.inquirer = new Inquirer(owner, System::nanoTime, LOOKUPS_MAX);
    }

    EventExecutor owner() {
        return owner;
    }

    /** Thread: any. What the messages of this loop need done by their owner. */
    public void execute(Runnable task) {
        owner.execute(task);
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

    /** Asks tables for the messages of this loop. */
    Inquirer inquirer() {
        return inquirer;
    }

    MailDate date() {
        return date;
    }

    /** For one message, until it is given back. */
    HeaderFields takeHeader() {
        HeaderFields spare = spareHeaders.pollLast();
        return spare == null ? new HeaderFields() : spare;
    }

    void giveBack(HeaderFields header) {
        header.clear();
        if (spareHeaders.size() < SPARE_HEADERS_MAX) {
            spareHeaders.add(header);
        }
    }

    /** Bytes of content that are in memory, for watching. */
    public long bodyBytes() {
        return memory.bytes();
    }
}
