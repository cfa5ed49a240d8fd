// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.log.MailLog;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
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

    private static final int LOOK_AGAIN_BYTES = 1024;

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
    private final ContentChunks chunks;

    // Owned by the loop.
    private State state = State.RECEIVING;
    private boolean waitsForMemory;
    /** The listener was told to wait, and hears when it need not any more. */
    private boolean owesRoom;

    /** Known with the header; null before, and again when the message is gone. */
    private @Nullable MessageDraft draft;

    /** Null: nobody looks into the content. */
    private @Nullable CheckedContent checked;

    private boolean contentRejected;

    /** Where a header that had no end yet is looked for again. */
    private int lookAtBytes;

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
        this.chunks = new ContentChunks(loop, arrival, this);
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

    /** It was for what it holds, and the log tells of that. */
    public boolean isContentRejected() {
        return contentRejected;
    }

    /** Why; null while it is not. */
    public @Nullable SmtpReply refusal() {
        return refusal;
    }

    /** No content is wanted before {@link IntakeListener#onRoom}. */
    public boolean isStalled() {
        owesRoom = state == State.RECEIVING && (waitsForMemory || chunks.isFull() || awaitsTable());
        return owesRoom;
    }

    private boolean awaitsTable() {
        return checked != null && checked.isWaiting();
    }

    private void tellRoom() {
        if (owesRoom && !isStalled()) {
            listener.onRoom();
        }
    }

    /** Where content goes that is made of so many bytes of input. Borrowed until {@link #onWritten} or {@link #end}. */
    public ByteBuf room(int inputBytes) {
        return chunks.room(inputBytes);
    }

    /** Content was written that is not the message's last. */
    public void onWritten() {
        ByteBuf buf = chunks.inMemory();
        if (buf == null) {
            return;
        }
        chunks.count(buf);
        loop.memory().addPartial(this);
        if (buf.readableBytes() >= CHUNK_BYTES) {
            sendPartial();
        }
        if (state == State.RECEIVING && loop.memory().isFull()) {
            waitsForMemory = true;
            loop.memory().await(this);
        }
    }

    /** Sends as a chunk what is there behind the header; also before its time, when memory is short. */
    void sendPartial() {
        ByteBuf buf = chunks.inMemory();
        boolean isWhole = state == State.STEPS;
        if (buf == null || state != State.RECEIVING && !isWhole || awaitsTable()) {
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
        MessageDraft known = draft;
        if (known == null) {
            return;
        }
        known.keepHeader(buf);
        ByteBuf ready = isWhole ? buf : check(known, buf);
        if (ready == null) {
            return;
        }
        if (!isWhole) {
            known.onContent(ready, 0);
        }
        if (!chunks.trySend(ready, isWhole ? bodyFlags | ExtentFormat.LAST : 0)) {
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
        }
    }

    /** What of it can go, as checks have left it; null: nothing yet, or never. */
    private @Nullable ByteBuf check(MessageDraft known, ByteBuf buf) {
        CheckedContent active = checked;
        if (active == null) {
            return buf;
        }
        boolean isWalked = active.walk(known.header(), buf, false);
        if (isRejectedBy(active) || !isWalked || active.walkedBytes() == 0) {
            return null;
        }
        int length = active.walkedBytes();
        return chunks.part(buf, length, active.endPiece(buf));
    }

    /** The same at the end of the message. */
    private @Nullable ByteBuf checkRest(MessageDraft known, ByteBuf buf) {
        CheckedContent active = checked;
        if (active == null) {
            return buf;
        }
        int offset = known.isHeaderKept() ? 0 : known.header().textOffset();
        ByteBuf text = buf.slice(buf.readerIndex() + offset, buf.readableBytes() - offset);
        boolean isWalked = active.walk(known.header(), text, true);
        if (isRejectedBy(active) || !isWalked) {
            return null;
        }
        ByteBuf changed = active.endPiece(text);
        if (changed == null) {
            return buf;
        }
        known.keepHeader(buf);
        return chunks.replace(buf, changed);
    }

    private boolean isRejectedBy(CheckedContent active) {
        SmtpReply reply = active.refusal();
        if (reply != null) {
            contentRejected = true;
            refuseWhenever(reply);
        }
        return reply != null;
    }

    /** A table has answered that content has waited for. */
    private void onTableAnswer() {
        if (state == State.STEPS) {
            runSteps();
        } else {
            sendPartial();
            tellRoom();
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
            return false;
        }
        ContentRules rules = settings.checks();
        if (rules != null && arrival.entrance() != Entrance.PROBE) {
            checked = new CheckedContent(rules, arrival, this, this::onTableAnswer);
        }
        return true;
    }

    /** What access tables want done with it, as far as they have said; the last time before its end. */
    public void order(MessageOrders wanted) {
        orders = wanted;
    }

    MessageOrders orders() {
        return checked == null ? orders : orders.and(checked.orders());
    }

    /** The whole content has been written. */
    public void end(int flags) {
        bodyFlags = flags;
        if (state == State.REFUSED) {
            close();
            return;
        }
        chunks.atEnd();
        loop.memory().forget(this);
        state = State.STEPS;
        if (draft == null && !findHeader(chunks.atEnd(), true)) {
            close();
            return;
        }
        runSteps();
    }

    private void runSteps() {
        MessageDraft known = draft;
        ByteBuf buf = known == null ? null : checkRest(known, chunks.atEnd());
        if (known == null || buf == null) {
            return;
        }
        known.onContent(buf, known.isHeaderKept() ? 0 : known.header().textOffset());
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
        if (!chunks.isUnderWay()) {
            send();
        }
    }

    /** Other text takes the place of what has come. {@code text}: taken; in the stored wire form, of these flags. */
    void replaceText(ByteBuf text, int flags) {
        if (!chunks.tryReplace(text)) {
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
        }
        bodyFlags |= flags;
    }

    ContentChunks chunks() {
        return chunks;
    }

    /** Nobody gets the message, and its sender hears nothing else than that it was taken. */
    void onDiscarded() {
        if (state != State.STEPS) {
            return;
        }
        TakenOver takesOver = arrival.takesOver();
        if (takesOver != null && !loop.queue().offerDiscarded(takesOver, new SettledDiscard(loop.owner(), listener))) {
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
            return;
        }
        state = State.CLOSED;
        dropContent();
        if (takesOver == null) {
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
        bodyFlags |= orders().isHeld() ? BodyRef.HELD : 0;
        bodyFlags |= checked == null ? 0 : checked.bodyFlags();
        bodyFlags = bodyFlags & ~BodyRef.ASCII_HEADER | SmtpUtf8Step.bodyFlags(envelope, fields);
        bodyFlags |= (fields.addsLongLine() ? BodyRef.LONG_LINES : 0) | (fields.addsEightBit() ? BodyRef.EIGHT_BIT : 0);
        ByteBuf buf = chunks.inMemory();
        boolean isInChunks = done.isHeaderKept();
        IncomingExtent rest = isInChunks && buf != null ? chunks.last(buf, bodyFlags | ExtentFormat.LAST, true) : null;
        IncomingExtent first = done.firstExtent(isInChunks ? null : buf, bodyFlags);
        if (!loop.queue().offerMessage(arrival.message(envelope, bodyFlags, this), first, rest)) {
            first.prefix().release();
            if (rest != null) {
                rest.prefix().release();
            }
            refuseWhenever(SmtpPhrasebook.NO_SPACE);
            return;
        }
        chunks.onSentWithMessage();
        state = State.SENT;
        closeDraft();
    }

    @Override
    public EventExecutor owner() {
        return loop.owner();
    }

    @Override
    public void onCommitted(CommitResult result) {
        if (state == State.SENT) {
            state = State.CLOSED;
            chunks.onMessageWritten();
            listener.onEnd(CommitReply.of(result));
            return;
        }
        chunks.onChunkWritten();
        if (state == State.CLOSED || state == State.REFUSED) {
            return;
        }
        SmtpReply failure = CommitReply.of(result);
        if (failure != null) {
            refuseWhenever(failure);
        } else if (state == State.ENDED && !chunks.isUnderWay()) {
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
        ByteBuf buf = chunks.inMemory();
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
        chunks.abandon();
        closeDraft();
    }

    /** Envelope and header are written, or not wanted. */
    private void closeDraft() {
        MessageDraft known = draft;
        draft = null;
        if (known != null) {
            known.close();
        }
        if (checked != null) {
            checked.close();
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
