// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.smtp.BdatDecoder;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * One file of {@code maildrop/} on its way through intake.
 * Thread: pickup and the event loop, in turns: a block is read by the one and taken in by the other, and then the next.
 */
final class PickupMessage implements IntakeListener {
    private static final int BLOCK_BYTES = 64 << 10;

    private final Pickup pickup;
    private final String name;
    private final SeekableByteChannel channel;
    private final ContentReader reader;
    private final MessageIntake intake;
    private final BdatDecoder decoder = new BdatDecoder();

    // Owned by whoever has the turn.
    private boolean waitsForRoom;
    private boolean ended;

    /** {@code channel} stands at its beginning, and is closed by {@link #close}. */
    PickupMessage(Pickup pickup, String name, SeekableByteChannel channel, IntakeSource source) throws IOException {
        this.pickup = pickup;
        this.name = name;
        this.channel = channel;
        this.reader = new ContentReader(new RecordReader(channel));
        this.intake = source.open(this);
    }

    /** Makes the way into the queue for a message that listens to it. */
    interface IntakeSource {
        MessageIntake open(IntakeListener listener);
    }

    String name() {
        return name;
    }

    /** Thread: pickup. */
    void readBlock() {
        ByteBuf block = PooledByteBufAllocator.DEFAULT.directBuffer(BLOCK_BYTES);
        boolean isSame = false;
        try {
            isSame = reader.read(block, BLOCK_BYTES);
        } catch (IOException e) {
            pickup.onUnreadable(name, e);
        }
        boolean isLast = reader.isComplete();
        if (isSame) {
            pickup.executeOnLoop(() -> take(block, isLast));
        } else {
            block.release();
            pickup.executeOnLoop(this::giveUp);
        }
    }

    /** Thread: event loop. */
    private void take(ByteBuf block, boolean isLast) {
        try {
            int length = block.readableBytes();
            if (!intake.isRefused()) {
                decoder.begin(length);
                decoder.decode(block, intake.room(length));
            }
        } finally {
            block.release();
        }
        if (isLast) {
            end();
            return;
        }
        intake.onWritten();
        waitsForRoom = intake.isStalled();
        if (!waitsForRoom) {
            pickup.execute(this::readBlock);
        }
    }

    private void end() {
        if (intake.isRefused()) {
            intake.end(0);
            return;
        }
        decoder.finish(intake.room(0));
        intake.end((decoder.hasLongLines() ? BodyRef.LONG_LINES : 0) | (decoder.hasEightBit() ? BodyRef.EIGHT_BIT : 0));
    }

    private void giveUp() {
        intake.abandon();
        onEnd(SmtpPhrasebook.WRITE_ERROR);
    }

    @Override
    public void onRoom() {
        if (waitsForRoom) {
            waitsForRoom = false;
            pickup.execute(this::readBlock);
        }
    }

    @Override
    public void onEnd(@Nullable SmtpReply refusal) {
        if (!ended) {
            ended = true;
            pickup.execute(() -> pickup.onEnd(this, refusal));
        }
    }

    Arrival arrival() {
        return intake.arrival();
    }

    /** From the beginning of the content. Thread: pickup. */
    ContentReader readAgain() throws IOException {
        channel.position(0);
        return new ContentReader(new RecordReader(channel));
    }

    /** Thread: pickup. */
    void close() throws IOException {
        channel.close();
    }
}
