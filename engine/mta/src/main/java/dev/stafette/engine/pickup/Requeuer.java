// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.Spool;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a queued message in once more, as if a user of this machine had submitted it: under a new id, with the old arrival
 * time, for the recipients who still wait. What rewrites mail on its way in sees it again.
 * Thread: any; the work is done by workers, which read, and on the event loop of its intake.
 */
public final class Requeuer {
    /** Of content in memory. */
    public static final long BODY_BYTES_MAX = 8 << 20;

    private static final int PIECE_BYTES = 64 << 10;
    private static final String PROGRAM = "pickup";

    private final Parts parts;

    /** In the Received field, as of local mail: our own. */
    private final int userId = Math.max(0, LocalHost.userId());

    /**
     * @param loopThread runs what the intake's loop owns
     * @param settings as they are now, like the rewriter
     */
    public record Parts(
            IntakeLoop loop,
            Executor loopThread,
            Spool spool,
            Executor workers,
            Supplier<IntakeSettings> settings,
            Supplier<AddressRewriter> rewriter,
            MailLog log) {}

    /** Hears on the event loop, or a worker, whether the message is in the queue again, on stable storage. */
    public interface EndListener {
        void onEnd(boolean isQueued);
    }

    public Requeuer(Parts parts) {
        this.parts = parts;
    }

    /** Nothing is changed of the message itself; those who wait of it are done when the new one is accepted. */
    public void requeue(TakenOver waiting, BodyRef body, EndListener listener) {
        parts.workers().execute(() -> open(waiting, body, listener));
    }

    private void open(TakenOver waiting, BodyRef body, EndListener listener) {
        long queueId = waiting.queueId();
        BodySlice slice;
        Arrival arrival;
        try {
            StoredBody stored = parts.spool().readVerified(queueId, body);
            slice = parts.spool().openBody(body);
            arrival = arrival(stored, waiting);
        } catch (StorageException e) {
            fail(queueId, String.valueOf(e.getMessage()), listener);
            return;
        }
        Copy copy = new Copy(queueId, body, slice, arrival, listener);
        parts.loopThread().execute(copy::next);
    }

    private Arrival arrival(StoredBody stored, TakenOver waiting) {
        Envelope old = stored.envelope();
        List<EnvelopeRecipient> recipients =
                new ArrayList<>(waiting.recipients().size());
        for (int index : waiting.recipients()) {
            recipients.add(old.recipients().get(index));
        }
        Envelope envelope = new EnvelopeRewriter(parts.rewriter().get())
                .rewrite(
                        new Envelope(
                                        old.sender(),
                                        old.eightBit(),
                                        old.smtpUtf8(),
                                        old.dsnReturn(),
                                        old.envelopeId(),
                                        old.trace(),
                                        old.verp(),
                                        recipients,
                                        null,
                                        old.origin())
                                .withTls(old.tls()),
                        Inquiry.BLOCKING);
        long nowMs = System.currentTimeMillis();
        long newId = parts.loop().queue().nextQueueId(nowMs);
        String text = QueueId.format(newId);
        parts.log()
                .info(
                        PROGRAM,
                        text + ": uid=" + userId + " from=<"
                                + parts.log().address(envelope.sender().external()) + "> orig_id="
                                + QueueId.format(stored.queueId()));
        return new Arrival(
                newId,
                text,
                stored.arrivalMs(),
                System.nanoTime() - (nowMs - stored.arrivalMs()) * 1_000_000,
                envelope,
                ReceivedHeader.ofUser(
                        userId,
                        parts.settings().get().hostName(),
                        parts.settings().get().mailName()),
                waiting);
    }

    private void fail(long queueId, String why, EndListener listener) {
        parts.log().warning(PROGRAM, QueueId.format(queueId) + ": not requeued: " + why);
        listener.onEnd(false);
    }

    /** One message on its way. Thread: the intake's event loop, but for {@link #read}. */
    private final class Copy implements IntakeListener {
        private final long queueId;
        private final BodyRef body;
        private final BodySlice slice;
        private final MessageIntake intake;
        private final EndListener listener;

        // Where the next piece begins; changed between two reads alone.
        private int part;
        private int offset;

        Copy(long queueId, BodyRef body, BodySlice slice, Arrival arrival, EndListener listener) {
            this.queueId = queueId;
            this.body = body;
            this.slice = slice;
            this.listener = listener;
            this.intake = new MessageIntake(parts.loop(), parts.settings().get(), arrival, this, parts.log());
        }

        void next() {
            if (intake.isRefused() || part == slice.partCount()) {
                intake.end(body.flags() & ~BodyRef.HELD);
                return;
            }
            parts.workers().execute(this::read);
        }

        private void read() {
            ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE_BYTES, slice.lengthBytes(part) - offset));
            try {
                int read = slice.channel(part).read(piece, slice.position(part) + offset);
                String failure = read < 0 ? "its body ends early" : "";
                parts.loopThread().execute(() -> onRead(piece.flip(), failure));
            } catch (IOException e) {
                parts.loopThread().execute(() -> onRead(piece.flip(), String.valueOf(e.getMessage())));
            }
        }

        private void onRead(ByteBuffer piece, String failure) {
            if (!failure.isEmpty()) {
                intake.abandon();
                slice.close();
                fail(queueId, failure, listener);
                return;
            }
            offset += piece.remaining();
            if (offset == slice.lengthBytes(part)) {
                part++;
                offset = 0;
            }
            boolean last = part == slice.partCount();
            intake.room(piece.remaining()).writeBytes(piece);
            if (!last) {
                intake.onWritten();
            }
            if (last || !intake.isStalled()) {
                next();
            }
        }

        @Override
        public void onRoom() {
            next();
        }

        @Override
        public void onEnd(@Nullable SmtpReply refusal) {
            slice.close();
            if (refusal == null) {
                listener.onEnd(true);
            } else {
                fail(queueId, refusal.toString(), listener);
            }
        }
    }
}
