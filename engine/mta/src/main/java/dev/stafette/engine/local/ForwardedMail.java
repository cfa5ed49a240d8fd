// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.MessageBody;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.local.LocalParts.Forwarded;
import dev.stafette.engine.log.MailLog;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings mail in again that goes on to others: as a message of its own, with this host and the recipient it was for in its
 * header, in place of that recipient where nothing else is owed.
 * Thread: a delivery worker reads and waits; the event loop of its intake takes in.
 */
public final class ForwardedMail implements LocalParts.Forwards {
    /** Of content in memory. */
    public static final long BODY_BYTES_MAX = 8 << 20;

    private static final int PIECE_BYTES = 64 << 10;

    /** Where it comes in. */
    public record Way(IntakeLoop loop, Supplier<IntakeSettings> settings, MailLog log) {}

    /** Set before the queue agent starts, and so before there is anything to forward. */
    private @Nullable Way way;

    /** Where a message has come to, for the worker that waits. */
    private enum Turn {
        ROOM,
        END
    }

    public void open(Way opened) {
        way = opened;
    }

    @Override
    public Forwarded forward(
            Envelope envelope, MessageBody body, @Nullable String deliveredTo, @Nullable TakenOver settles)
            throws IOException {
        Way into = way;
        if (into == null) {
            throw new IllegalStateException("mail to forward before there is a way into the queue");
        }
        long nowMs = System.currentTimeMillis();
        IntakeSettings settings = into.settings().get();
        long queueId = into.loop().queue().nextQueueId(nowMs);
        String text = QueueId.format(queueId);
        Arrival arrival = Arrival.ofForward(
                queueId,
                text,
                nowMs,
                System.nanoTime(),
                envelope,
                ReceivedHeader.ofHost(settings.hostName(), settings.mailName()),
                settles);
        Copy copy = new Copy(into, settings, arrival);
        if (deliveredTo != null) {
            copy.write(("Delivered-To: " + deliveredTo + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        try {
            copy.copy(body);
        } catch (IOException e) {
            copy.abandon();
            throw e;
        }
        return new Forwarded(text, copy.end(body));
    }

    /** One message on its way. Thread: the worker, but for what it sends to the loop. */
    private static final class Copy implements IntakeListener {
        private final Way into;
        private final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();
        private final MessageIntake intake;

        /** Written by the loop before the turn that ends it. */
        private @Nullable SmtpReply refusal;

        Copy(Way into, IntakeSettings settings, Arrival arrival) {
            this.into = into;
            this.intake = new MessageIntake(into.loop(), settings, arrival, this, into.log());
        }

        void copy(MessageBody body) throws IOException {
            for (int part = 0; part < body.partCount(); part++) {
                long position = body.partPosition(part);
                long end = position + body.partLengthBytes(part);
                while (position < end) {
                    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end - position));
                    int count = body.partChannel(part).read(piece, position);
                    if (count <= 0) {
                        throw new EOFException("message file ends at " + position);
                    }
                    byte[] bytes = new byte[count];
                    piece.flip().get(bytes);
                    position += count;
                    write(bytes, position == end && part == body.partCount() - 1);
                }
            }
        }

        void write(byte[] bytes) {
            write(bytes, false);
        }

        private void write(byte[] bytes, boolean isLast) {
            into.loop().execute(() -> {
                if (!intake.isRefused()) {
                    intake.room(bytes.length).writeBytes(bytes);
                }
                if (!isLast) {
                    intake.onWritten();
                }
                if (isLast || !intake.isStalled()) {
                    turns.add(Turn.ROOM);
                }
            });
            turn();
        }

        private Turn turn() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return turns.take();
                    } catch (InterruptedException e) {
                        // The loop is there as long as workers are: it answers.
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Nullable
        SmtpReply end(MessageBody body) {
            int flags = (body.hasLongLines() ? BodyRef.LONG_LINES : 0) | (body.hasEightBit() ? BodyRef.EIGHT_BIT : 0);
            into.loop().execute(() -> intake.end(flags));
            Turn turn = turn();
            while (turn != Turn.END) {
                turn = turn();
            }
            return refusal;
        }

        void abandon() {
            into.loop().execute(intake::abandon);
        }

        @Override
        public void onRoom() {
            turns.add(Turn.ROOM);
        }

        @Override
        public void onEnd(@Nullable SmtpReply reply) {
            refusal = reply;
            turns.add(Turn.END);
        }
    }
}
