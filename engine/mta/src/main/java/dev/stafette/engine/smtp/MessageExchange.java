// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Stage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a session and its content: one message after the other.
 * Thread: event loop.
 */
final class MessageExchange implements IntakeListener {
    private static final EnhancedStatus OK = EnhancedStatus.of(2, 0, 0);

    private final SmtpServerSession session;
    private final ServiceLoop service;

    // Owned by the session.
    private @Nullable Transaction transaction;
    /** Made with the first message: most sessions of a busy server wait for theirs. */
    private @Nullable ContentReceiver content;

    private long messageBytes;

    MessageExchange(SmtpServerSession session, ServiceLoop service) {
        this.session = session;
        this.service = service;
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    boolean isSmtpUtf8() {
        return transaction != null && transaction.isSmtpUtf8();
    }

    /** Null before the first recipient of a message. */
    @Nullable
    String queueIdText() {
        return transaction == null ? null : transaction.queueIdText();
    }

    /** {@code messageBytes}: what the client says; negative or 0 when it does not. */
    boolean isShortOfSpace(long messageBytes) {
        boolean isShort = service.intake().queue().isShortOfSpace()
                || service.intake().queue().isTooLarge(messageBytes);
        if (isShort) {
            service.meter().count(Count.MESSAGES_SHED);
        }
        return isShort;
    }

    void begin(SmtpCommand.Mail mail) {
        transaction = new Transaction(
                mail, session.settings().rewriter().complete(mail.sender()), service.epochMs(), service.nowNs());
    }

    /** With its first recipient the message gets its id. */
    void identify() {
        Transaction current = open();
        if (current.queueIdText() == null) {
            String id = current.identify(service.intake().queue().nextQueueId(current.arrivalMs()));
            service.log().clientOf(id, session.client().text());
        }
    }

    private Transaction open() {
        Transaction current = transaction;
        if (current == null) {
            throw new IllegalStateException("no transaction");
        }
        return current;
    }

    // Content. -------------------------------------------------------------------------------------------------------

    void beginData() {
        content().beginData(openIntake());
        session.awaitContent();
    }

    void beginChunk(SmtpCommand.Bdat bdat) {
        if (!content().isChunked()) {
            content().beginChunked(openIntake());
        }
        content().beginChunk(bdat.chunkBytes(), bdat.last());
        session.awaitContent();
    }

    void skipChunk(SmtpCommand.Bdat bdat, SmtpReply refusal) {
        content().beginSkip(bdat.chunkBytes(), bdat.last(), refusal);
        session.awaitContent();
    }

    private ContentReceiver content() {
        ContentReceiver known = content;
        if (known == null) {
            known = new ContentReceiver(
                    session.settings().limits().messageBytes(), session.client().bareNewline());
            content = known;
        }
        return known;
    }

    private MessageIntake openIntake() {
        Transaction current = open();
        identify();
        String id = current.queueIdText();
        Arrival arrival = new Arrival(
                current.queueId(),
                id == null ? "" : id,
                current.arrivalMs(),
                current.arrivalNs(),
                current.envelope(),
                session.hello().received(session, current.isSmtpUtf8()),
                session.settings().clients().addsMissingHeaders(session.client().facts()),
                session.settings().clients().rewritesHeader(session.client().facts()),
                null,
                "");
        return new MessageIntake(service.intake(), session.settings().intake(), arrival, this, service.log());
    }

    boolean isStalled() {
        return content != null && content.isStalled();
    }

    boolean isChunked() {
        return content != null && content.isChunked();
    }

    boolean isSkipping() {
        return content != null && content.isSkipping();
    }

    /** Of the message in work. */
    long contentBytes() {
        return content == null ? 0 : content.contentBytes();
    }

    void receive(ByteBuf in) {
        if (content().receive(in)) {
            endContent();
        }
    }

    /** A chunk of no bytes needs no input. */
    void endIfComplete() {
        if (session.isReceiving() && content().isComplete()) {
            endContent();
        }
    }

    private void endContent() {
        ContentReceiver received = content();
        if (received.endsMessage()) {
            endMessage(received);
        } else {
            endChunk(received);
        }
    }

    private void endChunk(ContentReceiver received) {
        SmtpReply refusal = received.chunkRefusal();
        session.awaitCommand();
        if (refusal == null) {
            session.end(session.accept(SmtpReply.of(250, OK, "Ok: " + received.chunkBytes() + " bytes")));
            return;
        }
        if (received.isLastChunk()) {
            reset();
        }
        session.end(session.refuse(refusal));
    }

    private void endMessage(ContentReceiver received) {
        session.awaitCommit();
        session.noteBareLineFeed(received.sawBareLf());
        received.endLine();
        messageBytes = received.contentBytes();
        if (received.isTooBig()) {
            onEnd(SmtpPhrasebook.MESSAGE_TOO_BIG);
        } else if (received.sawBareLf() && session.client().bareNewline() == BareNewline.REJECT) {
            session.refuseBareLineFeed();
        } else {
            received.end();
        }
    }

    // The intake. ----------------------------------------------------------------------------------------------------

    @Override
    public void onRoom() {
        session.connection().touch();
        session.connection().resume();
    }

    @Override
    public void onEnd(@Nullable SmtpReply refusal) {
        Transaction ended = transaction;
        if (refusal == null) {
            service.meter().count(Count.MESSAGES_ACCEPTED);
            service.meter().count(Count.ACCEPTED_BYTES, messageBytes);
        } else if (refusal.isTransient()) {
            service.meter().count(Count.MESSAGES_SHED);
        }
        if (ended == null) {
            // The client went away meanwhile.
            return;
        }
        session.awaitCommand();
        Outcome outcome = refusal == null ? accept(ended) : refuse(ended, refusal);
        reset();
        session.end(outcome);
        session.connection().resume();
    }

    private Outcome accept(Transaction ended) {
        service.meter().record(Stage.ACCEPT, service.nowNs() - ended.arrivalNs());
        session.forgive();
        session.connection().replyQueued(String.valueOf(ended.queueIdText()), isChunked() ? messageBytes : -1);
        return Outcome.ACCEPTED;
    }

    private Outcome refuse(Transaction ended, SmtpReply refusal) {
        return session.reject(SmtpServerSession.AFTER_CONTENT, refusal, ended.sender(), null);
    }

    /** Nothing of the transaction is left. */
    void reset() {
        transaction = null;
        if (content != null) {
            content.reset();
        }
    }
}
