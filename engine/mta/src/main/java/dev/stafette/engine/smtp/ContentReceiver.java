// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.BdatDecoder;
import dev.stafette.codec.smtp.DataDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.intake.MessageOrders;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes the content of one message after the other, by DATA or by BDAT, and counts it.
 * Thread: event loop.
 *
 * <p>What is too big, or rejected already, is discarded up to its end.
 */
final class ContentReceiver implements Input {
    private enum Mode {
        NONE,
        DATA,
        CHUNK,
        /** A chunk that is discarded. */
        SKIP
    }

    private final ContentOwner owner;
    private final long bytesMax;
    private final DataDecoder data;
    private final BdatDecoder chunks = new BdatDecoder();

    // Owned by the session.
    private Mode mode = Mode.NONE;
    private @Nullable MessageIntake intake;
    private boolean chunked;
    private boolean skipping;
    private boolean discarding;
    private boolean tooBig;
    private boolean last;
    private long chunkBytes;
    private long skipBytes;
    private @Nullable SmtpReply skipReply;

    /** @param bytesMax 0: no limit */
    ContentReceiver(ContentOwner owner, long bytesMax, BareNewline bareNewline) {
        this.owner = owner;
        this.bytesMax = bytesMax;
        this.data = new DataDecoder(bareNewline);
    }

    void beginData() {
        mode = Mode.DATA;
        intake = owner.openMessage();
        discarding = false;
        tooBig = false;
        data.reset();
    }

    void beginChunk(long bytes, boolean isLast) {
        if (!isChunked()) {
            beginChunked();
        }
        mode = Mode.CHUNK;
        chunkBytes = bytes;
        last = isLast;
        chunks.begin(bytes);
    }

    private void beginChunked() {
        intake = owner.openMessage();
        chunked = true;
        discarding = false;
        tooBig = false;
        chunks.reset();
    }

    void beginSkip(long bytes, boolean isLast, SmtpReply reply) {
        abandon();
        mode = Mode.SKIP;
        chunkBytes = bytes;
        skipBytes = bytes;
        last = isLast;
        skipReply = reply;
        skipping = true;
    }

    /** A transaction has begun to use BDAT, or failed to. */
    boolean isChunked() {
        return chunked || skipping;
    }

    /** An earlier chunk was refused: all are, up to the last. */
    boolean isSkipping() {
        return skipping;
    }

    /** A chunk of no bytes needs no input. */
    void endIfComplete() {
        if (mode == Mode.SKIP ? skipBytes == 0 : mode == Mode.CHUNK && chunks.missingBytes() == 0) {
            owner.onReceived();
        }
    }

    @Override
    public boolean isContent() {
        return true;
    }

    @Override
    public boolean isReady() {
        return !isStalled();
    }

    @Override
    public boolean isStalled() {
        return intake != null && mode != Mode.SKIP && !discarding && intake.isStalled();
    }

    @Override
    public void take(ByteBuf in) {
        if (receive(in)) {
            owner.onReceived();
        }
    }

    /** Consumes what is there of the message or chunk; true: it is complete, and {@code in} stands behind it. */
    private boolean receive(ByteBuf in) {
        if (mode == Mode.SKIP) {
            int length = (int) Math.min(in.readableBytes(), skipBytes);
            in.skipBytes(length);
            skipBytes -= length;
            return skipBytes == 0;
        }
        MessageIntake message = intake();
        if (message.isRefused()) {
            discard();
        }
        ByteBuf out = discarding ? Unpooled.EMPTY_BUFFER : message.room(in.readableBytes());
        boolean complete = mode == Mode.DATA ? data.decode(in, out) : chunks.decode(in, out);
        if (refuseIfTooBig(message)) {
            return complete;
        }
        if (!discarding && !(complete && endsMessage())) {
            message.onWritten();
        }
        return complete;
    }

    /** True when it has become too big now. */
    private boolean refuseIfTooBig(MessageIntake message) {
        boolean isNews = bytesMax > 0 && !tooBig && contentBytes() > bytesMax;
        if (isNews) {
            tooBig = true;
            message.abandon();
            discard();
        }
        return isNews;
    }

    private MessageIntake intake() {
        MessageIntake message = intake;
        if (message == null) {
            throw new IllegalStateException("content without a message");
        }
        return message;
    }

    private void discard() {
        if (!discarding) {
            discarding = true;
            data.discard();
            chunks.discard();
        }
    }

    /** What was received last was the end of a message, and not just a chunk of it. */
    boolean endsMessage() {
        return mode == Mode.DATA || mode == Mode.CHUNK && last;
    }

    /** The answer to the chunk that was received last; null when it was taken. */
    @Nullable
    SmtpReply chunkRefusal() {
        if (mode == Mode.SKIP) {
            return skipReply;
        }
        SmtpReply refusal = intake == null ? null : intake.refusal();
        skipping |= refusal != null;
        return refusal;
    }

    boolean isLastChunk() {
        return last;
    }

    long chunkBytes() {
        return chunkBytes;
    }

    /** The message is refused for what it holds, which the log has told. */
    boolean isContentRejected() {
        return intake != null && intake.isContentRejected();
    }

    boolean isTooBig() {
        return tooBig;
    }

    /** Ends the line that is open, as the last one of a message that came in chunks may be. */
    void endLine() {
        if (mode == Mode.CHUNK) {
            MessageIntake message = intake();
            if (message.isRefused()) {
                discard();
            }
            chunks.finish(discarding ? Unpooled.EMPTY_BUFFER : message.room(0));
            refuseIfTooBig(message);
        }
    }

    /** Sends the message on its way; the intake's listener is told what became of it. */
    void end(MessageOrders orders) {
        MessageIntake message = intake();
        message.order(orders);
        boolean longLines = mode == Mode.DATA ? data.hasLongLines() : chunks.hasLongLines();
        boolean eightBit = mode == Mode.DATA ? data.hasEightBit() : chunks.hasEightBit();
        mode = Mode.NONE;
        message.end((longLines ? BodyRef.LONG_LINES : 0) | (eightBit ? BodyRef.EIGHT_BIT : 0));
    }

    /** Not while a chunk is skipped that was refused before there was a message. */
    boolean isReceiving() {
        return mode == Mode.DATA || chunked;
    }

    /** Of the message in work: a line end counts as two. */
    long contentBytes() {
        return mode == Mode.DATA ? data.contentBytes() : chunked ? chunks.contentBytes() : 0;
    }

    boolean sawBareLf() {
        return mode == Mode.DATA ? data.sawBareLf() : chunks.sawBareLf();
    }

    /** The transaction is over: what was not sent is given up. */
    void reset() {
        abandon();
        mode = Mode.NONE;
        chunked = false;
        skipping = false;
    }

    private void abandon() {
        MessageIntake message = intake;
        intake = null;
        if (message != null) {
            message.abandon();
        }
    }
}
