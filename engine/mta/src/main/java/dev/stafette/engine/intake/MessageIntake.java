// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderScanner;
import dev.stafette.codec.message.MessageIds;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.MailLog;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way from a session to the queue.
 * Thread: event loop.
 *
 * <p>Content is written into {@link #room} and reported; a small message leaves in one extent with {@link #end}, a large
 * one in chunks while it arrives, of which few are under way at a time. What the header decides is decided when the first
 * bytes leave. The message itself is sent when all its chunks are known to be on disk, so that nothing is acknowledged
 * that rests on a chunk which failed.
 *
 * <pre>
 *   RECEIVING → ENDED (chunks under way) → SENT → CLOSED          onEnd(null), or onEnd(reply)
 *       └→ REFUSED: content is dropped, chunks are given up → CLOSED with end()
 * </pre>
 */
public final class MessageIntake implements CommitListener {
    /** Content that has come up to here leaves for the disk. */
    public static final int CHUNK_BYTES = 256 << 10;

    static final int CHUNKS_UNDER_WAY_MAX = 2;

    /** Extent header, a small envelope and our Received field. */
    private static final int PREFIX_BYTES = 512;

    /** Room for a few stuffed dots and the end. */
    private static final int SLACK_BYTES = 64;

    private static final long RETRY_MS = 100;

    private enum State {
        RECEIVING,
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

    /** Header and envelope of the extent that is being made. */
    private int headerBytes;

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
        if (buf.readableBytes() >= CHUNK_BYTES) {
            sendPartial();
        } else {
            loop.memory().addPartial(this);
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

    /** Sends what is there as a chunk; also before its time, when memory is short. */
    void sendPartial() {
        loop.memory().removePartial(this);
        ByteBuf buf = content;
        if (buf == null || state != State.RECEIVING) {
            return;
        }
        ByteBuf prefix = prefixFor(buf);
        if (prefix == null) {
            return;
        }
        ExtentFormat.finish(prefix, buf, headerBytes, 0);
        IncomingExtent chunk = new IncomingExtent(arrival.queueId(), chunkCount, prefix, buf, headerBytes, false, this);
        if (!loop.queue().offerChunk(chunk)) {
            prefix.release();
            refuse(SmtpPhrasebook.NO_SPACE);
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

    /** Header and envelope of the next extent, and for the first one the added header fields; null: refused. */
    private @Nullable ByteBuf prefixFor(ByteBuf buf) {
        ByteBuf prefix = loop.allocator().directBuffer(PREFIX_BYTES);
        boolean first = chunkCount == 0;
        headerBytes = ExtentFormat.begin(
                prefix, arrival.queueId(), chunkCount, first ? arrival.envelope() : null, arrival.arrivalMs());
        SmtpReply reply = first ? applySteps(prefix, buf) : null;
        if (reply == null) {
            return prefix;
        }
        prefix.release();
        refuse(reply);
        return null;
    }

    private @Nullable SmtpReply applySteps(ByteBuf prefix, ByteBuf buf) {
        HeaderScanner scanner = loop.scanner();
        HeaderScanner.Result end = scanner.scan(buf);
        MessageHead head = new MessageHead(arrival, settings, scanner, end, loop.date(), prefix, buf);
        for (int i = 0; i < IntakeStep.ALL.size(); i++) {
            SmtpReply reply = IntakeStep.ALL.get(i).apply(head);
            if (reply != null) {
                return reply;
            }
        }
        logMessageId(scanner);
        return null;
    }

    private void logMessageId(HeaderScanner scanner) {
        String messageId = scanner.messageId();
        if (messageId == null) {
            messageId = arrival.addsMissingHeaders()
                    ? MessageIds.text(arrival.arrivalMs(), arrival.queueIdText(), settings.hostName())
                    : "<>";
        }
        log.messageId(arrival.queueIdText(), messageId);
    }

    /** The whole content has been written. */
    public void end(int flags) {
        bodyFlags = flags;
        if (state == State.REFUSED) {
            close();
            return;
        }
        state = State.ENDED;
        if (underWayCount() == 0) {
            send();
        }
    }

    private void send() {
        ByteBuf buf = content;
        if (buf == null) {
            buf = loop.allocator().directBuffer(0);
            content = buf;
        }
        countCapacity(buf);
        loop.memory().forget(this);
        ByteBuf prefix = prefixFor(buf);
        if (prefix == null) {
            close();
            return;
        }
        ExtentFormat.finish(prefix, buf, headerBytes, bodyFlags | ExtentFormat.LAST);
        IncomingExtent last = new IncomingExtent(arrival.queueId(), chunkCount, prefix, buf, headerBytes, true, this);
        IncomingMessage message = new IncomingMessage(
                arrival.queueId(),
                arrival.arrivalMs(),
                arrival.arrivalNs(),
                arrival.envelope(),
                bodyFlags,
                arrival.takesOver(),
                this);
        if (!loop.queue().offerMessage(message, last, null)) {
            prefix.release();
            refuse(SmtpPhrasebook.NO_SPACE);
            close();
            return;
        }
        content = null;
        loop.memory().onSent(contentCapacity);
        state = State.SENT;
    }

    @Override
    public Executor owner() {
        return loop.owner();
    }

    @Override
    public void onCommitted(CommitResult result) {
        if (state == State.SENT) {
            state = State.CLOSED;
            loop.memory().onWritten(contentCapacity);
            contentCapacity = 0;
            listener.onEnd(replyFor(result));
            return;
        }
        Integer capacity = underWay == null ? null : underWay.poll();
        if (capacity != null) {
            loop.memory().onWritten(capacity);
        }
        if (state == State.CLOSED || state == State.REFUSED) {
            return;
        }
        SmtpReply failure = replyFor(result);
        if (failure != null) {
            boolean ended = state == State.ENDED;
            refuse(failure);
            if (ended) {
                close();
            }
        } else if (state == State.ENDED && underWayCount() == 0) {
            send();
        } else {
            tellRoom();
        }
    }

    private static @Nullable SmtpReply replyFor(CommitResult result) {
        return switch (result) {
            case DURABLE -> null;
            case NO_SPACE -> SmtpPhrasebook.NO_SPACE;
            case FAILED -> SmtpPhrasebook.WRITE_ERROR;
        };
    }

    /** There is memory again. */
    void onMemory() {
        waitsForMemory = false;
        tellRoom();
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
        content = null;
        if (buf != null) {
            buf.release();
            int capacity = contentCapacity;
            contentCapacity = 0;
            loop.memory().giveBack(capacity);
        }
        if (chunkCount > 0) {
            chunkCount = 0;
            offerAbandoned();
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
        SmtpReply reply = refusal;
        state = State.CLOSED;
        listener.onEnd(reply);
    }

    /** The rest will not come, or is not wanted. A message that has come in whole goes its way all the same. */
    public void abandon() {
        if (state == State.RECEIVING || state == State.REFUSED) {
            state = State.CLOSED;
            dropContent();
        }
    }
}
