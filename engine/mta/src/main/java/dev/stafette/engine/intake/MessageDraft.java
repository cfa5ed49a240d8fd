// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.MailDate;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.format.ExtentFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way through the steps: its envelope and its header, which they may change, until both are written.
 * Thread: event loop.
 *
 * <pre>
 * begin → onContent … → run → step after step, each of which may wait for its {@link StepAnswer} → end → close
 * </pre>
 */
public final class MessageDraft {
    /** Extent header, a small envelope and our Received field. */
    private static final int PREFIX_BYTES = 512;

    private final MessageIntake owner;
    private final HeaderFields header;

    private final IntakeSteps.Order order;

    // Owned by the loop.
    /** Those at its end. */
    private IntakeStep[] steps;

    private boolean readsContent;
    private Envelope envelope;
    /** The header's bytes when the message leaves in chunks, with the blank line. */
    private @Nullable ByteBuf keptHeader;

    private int orderedFieldCount;
    private int next;
    private @Nullable StepAnswer awaited;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean closed;

    /** @param header scanned; it is the message's until {@link #close} */
    MessageDraft(MessageIntake owner, HeaderFields header) {
        this.owner = owner;
        this.header = header;
        this.order = owner.settings().steps().of(owner.arrival().entrance());
        this.steps = order.atEnd();
        this.envelope = owner.arrival().envelope();
    }

    // For the steps. -------------------------------------------------------------------------------------------------

    /** As it came, whatever the steps have made of its envelope. */
    public Arrival arrival() {
        return owner.arrival();
    }

    /** What access tables want done with it. */
    public MessageOrders orders() {
        return owner.orders();
    }

    /** Whether what its header lacks is put there. */
    boolean addsMissingHeaders() {
        return arrival().addsMissingHeaders() || settings().completesAll();
    }

    public IntakeSettings settings() {
        return owner.settings();
    }

    public MailLog log() {
        return owner.log();
    }

    MailDate date() {
        return owner.loop().date();
    }

    /** Asks tables for it. */
    public Inquirer inquirer() {
        return owner.loop().inquirer();
    }

    /** Puts the fields on top that access tables want there, and that are not there yet. */
    void putOrderedFields() {
        List<String> fields = owner.orders().fields();
        while (orderedFieldCount < fields.size()) {
            header.newField().writeCharSequence(fields.get(orderedFieldCount) + "\r\n", StandardCharsets.UTF_8);
            if (orderedFieldCount < header.topCount()) {
                header.put(orderedFieldCount);
            } else {
                header.putOnTop();
            }
            orderedFieldCount++;
        }
    }

    public HeaderFields header() {
        return header;
    }

    public Envelope envelope() {
        return envelope;
    }

    /** Another sender, other recipients: the message goes there. */
    public void setEnvelope(Envelope changed) {
        envelope = changed;
    }

    /** It waits in the queue for an operator. */
    public void hold() {
        owner.order(owner.orders().held());
    }

    /** On its loop, after that time, whatever has become of it. */
    public Future<?> schedule(Runnable task, Duration delay) {
        return owner.owner().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing may be done to it any more: it has ended, in one way or another. */
    public boolean isClosed() {
        return closed;
    }

    /** What follows the header, from the beginning. {@code workers}: wait for the disk. */
    public TextReader readText(Executor workers) {
        ByteBuf here = owner.chunks().inMemory();
        int offset = here == null || keptHeader != null ? 0 : header.textOffset();
        ByteBuf tail = here == null ? null : here.slice(here.readerIndex() + offset, here.readableBytes() - offset);
        return new TextReader(this, owner.chunks(), tail, workers);
    }

    /** Memory that other text may take until {@link #replaceText}. */
    public ByteBuf newText() {
        return owner.loop().allocator().directBuffer();
    }

    /** There is no memory for more. */
    public boolean isMemoryFull() {
        return owner.loop().memory().isFull();
    }

    /**
     * Other text takes the place of what follows the header. Steps behind this one see it as if it had come.
     *
     * @param text taken; in the stored wire form, with its end
     * @param flags of {@code BodyRef}: what its bytes are like
     */
    public void replaceText(ByteBuf text, int flags) {
        ByteBuf here = owner.chunks().inMemory();
        if (keptHeader == null && here != null) {
            keepHeader(here);
        }
        ByteBuf whole = text;
        if (header.end() == HeaderFields.End.END && header.textOffset() == header.headerBytes()) {
            // It had neither text nor the line that parts it from the header.
            whole = newText().writeShort('\r' << 8 | '\n').writeBytes(text);
            text.release();
        }
        owner.replaceText(whole, flags);
        if (closed) {
            return;
        }
        for (int i = next + 1; i < steps.length; i++) {
            if (steps[i].readsContent() && order.atEnd()[i] instanceof MessageStep shared) {
                steps[i] = shared.begin(this);
                steps[i].onContent(whole.slice());
            }
        }
    }

    /** The event loop of the message. */
    public EventExecutor executor() {
        return owner.owner();
    }

    IntakeQueue queue() {
        return owner.loop().queue();
    }

    /** Thread: any. {@code otherwise}: what is done where the loop has ended. */
    void execute(Runnable task, Runnable otherwise) {
        try {
            owner.loop().execute(task);
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }

    /** The step that is being run gives its answer later, and returns {@link StepOutcome#LATER} now. */
    public StepAnswer answersLater() {
        StepAnswer answer = new StepAnswer(this, owner.loop());
        awaited = answer;
        if (deadline == null) {
            Duration most = steps[next].answerTimeMax();
            deadline = owner.owner().schedule(this::onDeadline, most.toMillis(), TimeUnit.MILLISECONDS);
        }
        return answer;
    }

    // For the message. -----------------------------------------------------------------------------------------------

    /** The header is there. Returns null, or why nothing more of the message needs to come. */
    @Nullable
    SmtpReply begin() {
        for (MessageStep shared : order.ofMessages()) {
            begin(shared);
        }
        for (HeaderStep step : order.atHeader()) {
            SmtpReply refusal = step.onHeader(this);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private void begin(MessageStep shared) {
        IntakeStep begun = shared.begin(this);
        if (begun == shared) {
            return;
        }
        if (steps == order.atEnd()) {
            // The list is everybody's.
            steps = steps.clone();
        }
        for (int i = 0; i < steps.length; i++) {
            steps[i] = steps[i] == shared ? begun : steps[i];
        }
        readsContent |= begun.readsContent();
    }

    /** Parts the header from what follows it, once: that leaves before it. */
    void keepHeader(ByteBuf content) {
        if (keptHeader != null) {
            return;
        }
        int length = header.textOffset();
        ByteBuf kept = owner.loop().allocator().directBuffer(length, Math.max(1, length));
        kept.writeBytes(content, length);
        header.moveTo(kept);
        keptHeader = kept;
        owner.loop().memory().onResized(kept.capacity());
    }

    boolean isHeaderKept() {
        return keptHeader != null;
    }

    /** The next of the bytes that follow the header, {@code offset} bytes into the readable ones. */
    void onContent(ByteBuf content, int offset) {
        if (!readsContent) {
            return;
        }
        for (IntakeStep step : steps) {
            if (step.readsContent()) {
                step.onContent(content.slice(content.readerIndex() + offset, content.readableBytes() - offset));
            }
        }
    }

    /** The message is complete. */
    void run() {
        while (next < steps.length && !closed) {
            if (!goesOn(steps[next].apply(this))) {
                return;
            }
        }
        if (!closed) {
            owner.onStepsEnd(null);
        }
    }

    private boolean goesOn(StepOutcome outcome) {
        if (outcome == StepOutcome.LATER) {
            if (awaited == null) {
                throw new IllegalStateException(stepName() + " answers later, and has taken no answer");
            }
            return false;
        }
        stopWaiting();
        if (outcome == StepOutcome.DISCARD) {
            owner.onDiscarded();
            return false;
        }
        SmtpReply refusal = outcome.refusal();
        if (refusal != null) {
            owner.onStepsEnd(refusal);
            return false;
        }
        next++;
        return true;
    }

    void onAnswer(StepAnswer answer, StepAnswer.Rest rest) {
        if (answer != awaited) {
            return;
        }
        awaited = null;
        // Its time still runs: if it fails here, that ends the message.
        if (goesOn(rest.run(this))) {
            run();
        }
    }

    private void onDeadline() {
        if (!closed) {
            log().warning("cleanup", arrival().queueIdText() + ": no answer in time: " + stepName());
            stopWaiting();
            owner.onStepsEnd(SmtpPhrasebook.NO_ANSWER);
        }
    }

    private String stepName() {
        return steps[next].getClass().getSimpleName();
    }

    private void stopWaiting() {
        awaited = null;
        ScheduledFuture<?> running = deadline;
        deadline = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    /**
     * Extent 0, with envelope and header as the steps have made them. {@code content}: of a message whose header was not kept,
     * with it; the extent takes it when it is sent.
     */
    IncomingExtent firstExtent(@Nullable ByteBuf content, int bodyFlags) {
        long queueId = arrival().queueId();
        ByteBuf prefix = owner.loop().allocator().directBuffer(PREFIX_BYTES);
        int headerBytes =
                ExtentFormat.begin(prefix, queueId, 0, envelope, arrival().arrivalMs());
        int unchanged = header.write(prefix);
        ByteBuf kept = keptHeader;
        ByteBuf behind = content == null ? Unpooled.EMPTY_BUFFER : content.skipBytes(unchanged);
        if (kept != null) {
            prefix.writeBytes(kept, unchanged, kept.writerIndex() - unchanged);
        }
        ExtentFormat.finish(prefix, behind, headerBytes, bodyFlags | (kept == null ? ExtentFormat.LAST : 0));
        return new IncomingExtent(queueId, 0, prefix, behind, headerBytes, true, owner);
    }

    /** Nothing is heard of the steps any more. */
    void close() {
        if (!closed) {
            closed = true;
            stopWaiting();
            owner.loop().giveBack(header);
            dropKeptHeader();
        }
    }

    private void dropKeptHeader() {
        ByteBuf kept = keptHeader;
        keptHeader = null;
        if (kept != null) {
            owner.loop().memory().giveBack(kept.capacity());
            kept.release();
        }
    }
}
