// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrives, but for its content.
 * Thread: any (a value).
 *
 * @param entrance by which way it comes in
 * @param arrivalMs when its transaction began, ms since 1970
 * @param arrivalNs the same on the monotonic clock
 * @param received the field that goes on top; null for a message that has one from us already
 * @param addsMissingHeaders it comes from one of us: what its header lacks is put there
 * @param rewritesHeader it was written here: addresses in its header get their complete form
 * @param takesOver what it takes over from a message that is in the queue already; null for mail that comes from elsewhere
 * @param fullName of the person who sends, for a From header that is added; may be empty
 * @param isOurs we answer for it: by its signature, where mail is signed
 * @param client who brings it; null: nobody from outside
 * @param origin whom the log says that it came from
 */
public record Arrival(
        Entrance entrance,
        long queueId,
        String queueIdText,
        long arrivalMs,
        long arrivalNs,
        Envelope envelope,
        @Nullable ReceivedHeader received,
        boolean addsMissingHeaders,
        boolean rewritesHeader,
        @Nullable TakenOver takesOver,
        String fullName,
        boolean isOurs,
        @Nullable SendingClient client,
        MessageClient origin) {
    /** For mail of which the log says that it is from here. */
    public Arrival(
            Entrance entrance,
            long queueId,
            String queueIdText,
            long arrivalMs,
            long arrivalNs,
            Envelope envelope,
            @Nullable ReceivedHeader received,
            boolean addsMissingHeaders,
            boolean rewritesHeader,
            @Nullable TakenOver takesOver,
            String fullName,
            boolean isOurs,
            @Nullable SendingClient client) {
        this(
                entrance,
                queueId,
                queueIdText,
                arrivalMs,
                arrivalNs,
                envelope,
                received,
                addsMissingHeaders,
                rewritesHeader,
                takesOver,
                fullName,
                isOurs,
                client,
                MessageClient.LOCAL);
    }

    /** For a message whose header is complete, or none of our business. */
    public Arrival(
            Entrance entrance,
            long queueId,
            String queueIdText,
            long arrivalMs,
            long arrivalNs,
            Envelope envelope,
            ReceivedHeader received,
            boolean addsMissingHeaders) {
        this(
                entrance,
                queueId,
                queueIdText,
                arrivalMs,
                arrivalNs,
                envelope,
                received,
                addsMissingHeaders,
                false,
                null,
                "",
                entrance != Entrance.SMTP,
                null);
    }

    /** For a copy of a message that is in the queue. */
    public Arrival(
            long queueId,
            String queueIdText,
            long arrivalMs,
            long arrivalNs,
            Envelope envelope,
            ReceivedHeader received,
            TakenOver takesOver) {
        this(
                Entrance.REQUEUE,
                queueId,
                queueIdText,
                arrivalMs,
                arrivalNs,
                envelope,
                received,
                false,
                false,
                takesOver,
                "",
                false,
                null);
    }

    /** What the queue hears of it when it is complete. */
    IncomingMessage message(Envelope rewritten, int bodyFlags, CommitListener listener) {
        return new IncomingMessage(queueId, arrivalMs, arrivalNs, rewritten, bodyFlags, takesOver, listener);
    }

    /** An extent without an envelope; {@code prefix}: room for its header. */
    IncomingExtent extent(
            int index, ByteBuf prefix, ByteBuf content, int flags, boolean withMessage, CommitListener listener) {
        int headerBytes = ExtentFormat.begin(prefix, queueId, index, null, arrivalMs);
        ExtentFormat.finish(prefix, content, headerBytes, flags);
        return new IncomingExtent(queueId, index, prefix, content, headerBytes, withMessage, listener);
    }

    /** For a report that is accepted in the place of what it tells of; {@code settles}: null for a letter that settles nothing. */
    public static Arrival ofReport(
            long queueId,
            String queueIdText,
            long arrivalMs,
            long arrivalNs,
            Envelope envelope,
            @Nullable TakenOver settles) {
        return new Arrival(
                Entrance.REPORT,
                queueId,
                queueIdText,
                arrivalMs,
                arrivalNs,
                envelope,
                null,
                false,
                false,
                settles,
                "",
                true,
                null);
    }

    /** For a message that goes on to others; {@code settles}: null where its recipient is not done with that. */
    public static Arrival ofForward(
            long queueId,
            String queueIdText,
            long arrivalMs,
            long arrivalNs,
            Envelope envelope,
            ReceivedHeader received,
            @Nullable TakenOver settles) {
        return new Arrival(
                Entrance.FORWARD,
                queueId,
                queueIdText,
                arrivalMs,
                arrivalNs,
                envelope,
                received,
                false,
                false,
                settles,
                "",
                false,
                null);
    }
}
