// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.MailLog;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way from whoever brings it to the queue.
 * Thread: event loop.
 *
 * <p>Content is written into {@link #room} and reported. A small message leaves in one extent with {@link #end}. Of a large
 * one the header is kept, and what follows leaves in chunks while it arrives, extents 1, 2, …, of which few are under way at a
 * time. When all of it has come, the steps have their say, and only then envelope and header are written: extent 0 of every
 * message. It is handed over when all its chunks are known to be on disk, so that nothing is acknowledged that rests on a chunk
 * which failed.
 *
 * <pre>
 *   RECEIVING → STEPS → ENDED (chunks under way) → SENT → CLOSED          onEnd(null), or onEnd(reply)
 *       └→ REFUSED: content is dropped, chunks are given up → CLOSED with end()
 * </pre>
 */
public final class MessageIntake implements CommitListener {
    /** Content that has come up to here leaves for the disk. */
    public static final int CHUNK_BYTES = 256 << 10;

    /**
     * Of a header that is kept until its message is complete: several fields of header_size_limit, which is a limit of one.
     * What goes beyond is passed on as it came.
     */
    public static final int HEADER_BYTES_MAX = 1 << 20;

    static final int CHUNKS_UNDER_WAY_MAX = 2;

    /** Extent header, a small envelope and our Received field. */
    private static final int PREFIX_BYTES = 512;

    /** Room for a few stuffed dots and the end. */
    private static final int SLACK_BYTES = 64;

    private static final int LOOK_AGAIN_BYTES = 1024;

    private static final long RETRY_MS = 100;

    private enum State {
        RECEIVING,
        STEPS,
        REFUSED,
        ENDED,
        SENT,
        CLOSED
    }

    private final IntakeLoop loop;
    private final IntakeSettings settings;
    private final Arrival arrival;
    private final IntakeListener listener;
    private final MailLog log;

    // Owned by the loop.
    private State state = State.RECEIVING;
    private @Nullable ByteBuf content;
    private int contentCapacity;
    private int chunkCount;
    private @Nullable ArrayDeque<Integer> underWay;
    private boolean waitsForMemory;
    /** The listener was told to wait, and hears when it need not any more. */
    private boolean owesRoom;

    /** Known with the header; null before, and again when the message is gone. */
    private @Nullable MessageDraft draft;

    /** Where a header that had no end yet is looked for again. */
    private int lookAtBytes;

    /** The header of a message that leaves in chunks, with its blank line. */
    private @Nullable ByteBuf header;

    private MessageOrders orders = MessageOrders.NONE;
    private int bodyFlags;
    private @Nullable SmtpReply refusal;

    public MessageIntake(
            IntakeLoop loop, IntakeSettings settings, Arrival arrival, IntakeListener listener, MailLog log) {
        this.loop = loop;
        this.settings = settings;
        this.arrival = arrival;
        this.listener = listener;
        this.log = log;
    }

    public Arrival arrival() {
        return arrival;
    }

    IntakeLoop loop() {
        return loop;
    }

    IntakeSettings settings() {
        return settings;
    }

    MailLog log() {
        return log;
    }

    /** The message is refused already: nothing more of it needs to be written. */
    public boolean isRefused() {
        return state == State.REFUSED;
    }

    /** Why; null while it is not. */
    public @Nullable SmtpReply refusal() {
        return refusal;
    }

    /** No content is wanted before {@link IntakeListener#onRoom}. */
    public boolean isStalled() {
        owesRoom = state == State.RECEIVING && (waitsForMemory || underWayCount() >= CHUNKS_UNDER_WAY_MAX);
        return owesRoom;
    }

    private int underWayCount() {
        return underWay == null ? 0 : underWay.size();
    }

    private void tellRoom() {
        if (owesRoom && !isStalled()) {
            listener.onRoom();
        }
    }

    /** Where content goes that is made of so many bytes of input. Borrowed until {@link #onWritten} or {@link #end}. */
    public ByteBuf room(int inputBytes) {
        ByteBuf buf = content;
        if (buf == null) {
            buf = loop.allocator().directBuffer(inputBytes + SLACK_BYTES);
            content = buf;
        } else {
            buf.ensureWritable(inputBytes + SLACK_BYTES);
        }
        return buf;
    }

    /** Content was written that is not the message's last. */
    public void onWritten() {
        ByteBuf buf = content;
        if (buf == null) {
            return;
        }
        countCapacity(buf);
        loop.memory().addPartial(this);
        if (buf.readableBytes() >= CHUNK_BYTES) {
            sendPartial();
        }
        if (state == State.RECEIVING && loop.memory().isFull()) {
            waitsForMemory = true;
            loop.memory().await(this);
        }
    }

    private void countCapacity(ByteBuf buf) {
        int capacity = buf.capacity();
        if (capacity != contentCapacity) {
            loop.memory().onResized(capacity - contentCapacity);
            contentCapacity = capacity;
        }
    }

    /** Sends as a chunk what is there behind the header; also before its time, when memory is short. */
    void sendPartial() {
        ByteBuf buf = content;
        boolean isWhole = state == State.STEPS;
        if (buf == null || state != State.RECEIVING && !isWhole) {
            return;
        }
        if (!isWhole) {
            loop.memory().addHeader(this);
        }
        if (draft != null
                || buf.readableBytes() >= lookAtBytes && findHeader(buf, buf.readableBytes() >= HEADER_BYTES_MAX)) {
            send(buf, isWhole);
        }
    }

    private void send(ByteBuf buf, boolean isWhole) {
        keepHeader(buf);
        MessageDraft known = draft;
        if (known != null && !isWhole) {
            known.onContent(buf, 0);
        }
        if (buf.isReadable()) {
            sendChunk(buf, isWhole ? bodyFlags | ExtentFormat.LAST : 0);
        } else {
            dropBuffer(buf);
        }
    }

    /** False: its end has not come, or the message is refused. {@code isEnough}: what is there will have to do. */
    private boolean findHeader(ByteBuf buf, boolean isEnough) {
        HeaderFields fields = loop.takeHeader();
        if (fields.scan(buf) == HeaderFields.End.NEED_MORE && !isEnough) {
            loop.giveBack(fields);
            // Not with every byte that comes, or a slow client would have it looked at for ever.
            lookAtBytes = buf.readableBytes() + buf.readableBytes() / 4 + LOOK_AGAIN_BYTES;
            return false;
        }
        MessageDraft found = new MessageDraft(this, fields);
        draft = found;
        SmtpReply reply = found.begin();
        if (reply != null) {
            refuse(reply);
        }
        return reply == null;
    }

    /** Parts the header from what follows it, once. */
    private void keepHeader(ByteBuf buf) {
        MessageDraft known = draft;
        if (known == null || header != null) {
            return;
        }
        int length = known.header().textOffset();
        ByteBuf kept = loop.allocator().directBuffer(length, Math.max(1, length));
        kept.writeBytes(buf, length);
        known.header().moveTo(kept);
        header = kept;
        loop.memory().onResized(kept.capacity());
    }

    private void sendChunk(ByteBuf buf, int flags) {
        IncomingExtent chunk = extent(buf, flags, false);
        if (!loop.queue().offerChunk(chunk)) {
            chunk.prefix().release();
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
            return;
        }
        chunkCount++;
        content = null;
        if (underWay == null) {
            underWay = new ArrayDeque<>(CHUNKS_UNDER_WAY_MAX + 1);
        }
        underWay.add(contentCapacity);
        loop.memory().onSent(contentCapacity);
        contentCapacity = 0;
    }

    /** The next extent of content. */
    private IncomingExtent extent(ByteBuf buf, int flags, boolean withMessage) {
        ByteBuf prefix = loop.allocator().directBuffer(ExtentFormat.HEADER_BYTES);
        return arrival.extent(chunkCount + 1, prefix, buf, flags, withMessage, this);
    }

    /** What access tables want done with it; before its end. */
    public void order(MessageOrders wanted) {
        orders = wanted;
    }

    MessageOrders orders() {
        return orders;
    }

    /** The whole content has been written. */
    public void end(int flags) {
        bodyFlags = flags;
        if (state == State.REFUSED) {
            close();
            return;
        }
        ByteBuf buf = content;
        if (buf == null) {
            buf = loop.allocator().directBuffer(0);
            content = buf;
        }
        countCapacity(buf);
        loop.memory().forget(this);
        state = State.STEPS;
        if (draft == null && !findHeader(buf, true)) {
            close();
            return;
        }
        runSteps(buf);
    }

    private void runSteps(ByteBuf buf) {
        MessageDraft known = draft;
        if (known == null) {
            return;
        }
        known.onContent(buf, header == null ? known.header().textOffset() : 0);
        known.run();
        if (state == State.STEPS) {
            // It waits; what it has in memory can go to the disk if others need the room.
            loop.memory().addPartial(this);
        }
    }

    /** The steps have ended: with null, or why the message does not come in. */
    void onStepsEnd(@Nullable SmtpReply refusal) {
        if (state != State.STEPS) {
            return;
        }
        loop.memory().forget(this);
        MessageDraft done = draft;
        boolean isForNobody = done != null && done.envelope().recipients().isEmpty();
        if (refusal != null || isForNobody) {
            refuseWhenever(refusal == null ? SmtpPhrasebook.NO_RECIPIENTS : refusal);
            return;
        }
        state = State.ENDED;
        if (underWayCount() == 0) {
            send();
        }
    }

    /** Nobody gets the message, and its sender hears nothing else than that it was taken. */
    void onDiscarded() {
        if (state == State.STEPS) {
            state = State.CLOSED;
            dropContent();
            listener.onEnd(null);
        }
    }

    private void send() {
        MessageDraft done = draft;
        if (done == null) {
            return;
        }
        Envelope envelope = done.envelope();
        HeaderFields fields = done.header();
        bodyFlags |= orders.isHeld() ? BodyRef.HELD : 0;
        bodyFlags |= (fields.addsLongLine() ? BodyRef.LONG_LINES : 0) | (fields.addsEightBit() ? BodyRef.EIGHT_BIT : 0);
        ByteBuf prefix = loop.allocator().directBuffer(PREFIX_BYTES);
        int headerBytes = ExtentFormat.begin(prefix, arrival.queueId(), 0, envelope, arrival.arrivalMs());
        int unchanged = fields.write(prefix);
        ByteBuf kept = header;
        ByteBuf buf = content;
        ByteBuf behind = Unpooled.EMPTY_BUFFER;
        IncomingExtent rest = null;
        if (kept != null) {
            prefix.writeBytes(kept, unchanged, kept.writerIndex() - unchanged);
            rest = buf == null ? null : extent(buf, bodyFlags | ExtentFormat.LAST, true);
        } else if (buf != null) {
            behind = buf.skipBytes(unchanged);
        }
        ExtentFormat.finish(prefix, behind, headerBytes, bodyFlags | (kept == null ? ExtentFormat.LAST : 0));
        IncomingMessage message = arrival.message(envelope, bodyFlags, this);
        IncomingExtent first = new IncomingExtent(arrival.queueId(), 0, prefix, behind, headerBytes, true, this);
        if (!loop.queue().offerMessage(message, first, rest)) {
            prefix.release();
            if (rest != null) {
                rest.prefix().release();
            }
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
            return;
        }
        content = null;
        loop.memory().onSent(contentCapacity);
        state = State.SENT;
        dropHeader();
    }

    @Override
    public EventExecutor owner() {
        return loop.owner();
    }

    @Override
    public void onCommitted(CommitResult result) {
        if (state == State.SENT) {
            state = State.CLOSED;
            loop.memory().onWritten(contentCapacity);
            contentCapacity = 0;
            listener.onEnd(CommitReply.of(result));
            return;
        }
        ArrayDeque<Integer> sent = underWay;
        if (sent != null && !sent.isEmpty()) {
            loop.memory().onWritten(sent.remove());
        }
        if (state == State.CLOSED || state == State.REFUSED) {
            return;
        }
        SmtpReply failure = CommitReply.of(result);
        if (failure != null) {
            refuseWhenever(failure);
        } else if (state == State.ENDED && underWayCount() == 0) {
            send();
        } else {
            tellRoom();
        }
    }

    /** There is memory again. */
    void onMemory() {
        waitsForMemory = false;
        tellRoom();
    }

    /** It has nothing but its header, and others need the room. */
    void refuseForRoom() {
        ByteBuf buf = content;
        if (buf != null && draft == null && findHeader(buf, buf.readableBytes() >= HEADER_BYTES_MAX)) {
            send(buf, false);
        } else if (state == State.RECEIVING) {
            refuse(SmtpPhrasebook.NO_SPACE);
        }
    }

    /** Tells it, too, when nobody calls {@link #end} any more. */
    private void refuseWhenever(SmtpReply reply) {
        boolean hasEnded = state == State.STEPS || state == State.ENDED;
        refuse(reply);
        if (hasEnded) {
            close();
        }
    }

    private void refuse(SmtpReply reply) {
        refusal = reply;
        state = State.REFUSED;
        dropContent();
        tellRoom();
    }

    private void dropContent() {
        loop.memory().forget(this);
        ByteBuf buf = content;
        if (buf != null) {
            dropBuffer(buf);
        }
        dropHeader();
        if (chunkCount > 0) {
            chunkCount = 0;
            offerAbandoned();
        }
    }

    private void dropBuffer(ByteBuf buf) {
        content = null;
        buf.release();
        loop.memory().giveBack(contentCapacity);
        contentCapacity = 0;
    }

    /** The header is written, or not wanted. */
    private void dropHeader() {
        MessageDraft known = draft;
        draft = null;
        if (known != null) {
            known.close();
        }
        ByteBuf kept = header;
        header = null;
        if (kept != null) {
            loop.memory().giveBack(kept.capacity());
            kept.release();
        }
    }

    /** It must arrive, or the place of the chunks would be lost until the next start. */
    private void offerAbandoned() {
        if (!loop.queue().offerAbandoned(arrival.queueId())) {
            loop.owner().schedule(this::offerAbandoned, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The reason of a refusal is told. */
    private void close() {
        state = State.CLOSED;
        listener.onEnd(refusal);
    }

    /**
     * The rest will not come, or nobody waits for the answer any more. A message that is past its steps goes its way all the
     * same.
     */
    public void abandon() {
        if (state == State.RECEIVING || state == State.STEPS || state == State.REFUSED) {
            state = State.CLOSED;
            dropContent();
        }
    }
}
