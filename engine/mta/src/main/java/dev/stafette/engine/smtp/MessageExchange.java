// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Restrictions;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.table.PatientInquiry;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the content of a session: one message after the other, each with its reply.
 * Thread: event loop.
 */
final class MessageExchange implements ContentOwner, IntakeListener {
    private static final EnhancedStatus OK = EnhancedStatus.of(2, 0, 0);

    private final SmtpServerSession session;
    private final ServiceLoop service;
    private final ContentReceiver content;

    // Owned by the session.
    private long messageBytes;

    private MessageExchange(SmtpServerSession session) {
        this.session = session;
        this.service = session.service();
        this.content = new ContentReceiver(
                this,
                session.settings().limits().contentBytes(),
                session.client().bareNewline());
    }

    /** What takes the content of this session's messages. */
    static ContentReceiver contentOf(SmtpServerSession session) {
        ContentReceiver known = session.content();
        if (known == null) {
            known = new MessageExchange(session).content;
            session.setContent(known);
        }
        return known;
    }

    // Content. -------------------------------------------------------------------------------------------------------

    @Override
    public MessageIntake openMessage() {
        Transaction current = open();
        session.identify(current);
        String known = current.queueIdText();
        String id = known == null ? Transaction.NO_QUEUE_ID : known;
        boolean isLocal = ClientOrigin.isLocal(session);
        Envelope envelope = current.envelope();
        if (session.settings().intake().keepsOrigin()) {
            envelope = envelope.withOrigin(ClientOrigin.of(session, id, isLocal));
        }
        Arrival arrival = new Arrival(
                Entrance.SMTP,
                current.queueId(),
                id,
                current.arrivalMs(),
                current.arrivalNs(),
                envelope,
                received(current),
                isLocal,
                isLocal,
                null,
                "",
                session.settings()
                        .clients()
                        .signs(
                                session.client().facts(),
                                session.client().login().isLoggedIn()),
                sendingClient(),
                ClientOrigin.forLog(session));
        MessageIntake intake = new MessageIntake(service.intake(), intake(), arrival, this, service.log());
        intake.order(current.orders());
        return intake;
    }

    /** Whoever says whom a message came from first has put a field on top himself. */
    private @Nullable ReceivedHeader received(Transaction current) {
        boolean isForwarded = session.proxy().isThere() && session.client().forwarded() != null;
        return isForwarded
                ? null
                : session.state()
                        .hello()
                        .received(
                                session.client(),
                                session.settings(),
                                session.state().tls(),
                                current.isSmtpUtf8());
    }

    private IntakeSettings intake() {
        SessionProxy proxy = session.proxy();
        return proxy.isThere() ? proxy.intake() : session.milters().intake();
    }

    private SendingClient sendingClient() {
        ClientFacts client = session.client().facts();
        return new SendingClient(
                client.address(),
                session.state().hello().name(),
                session.settings()
                        .clients()
                        .isStranger(client, session.client().login().isLoggedIn()));
    }

    private Transaction open() {
        Transaction current = session.transaction();
        if (current == null) {
            throw new IllegalStateException("no transaction");
        }
        return current;
    }

    @Override
    public void onReceived() {
        if (content.endsMessage()) {
            endMessage();
        } else {
            endChunk();
        }
    }

    private void endChunk() {
        SmtpReply refusal = content.chunkRefusal();
        session.awaitCommand();
        if (refusal == null) {
            session.end(session.accept(SmtpReply.of(250, OK, "Ok: " + content.chunkBytes() + " bytes")));
            return;
        }
        if (content.isLastChunk()) {
            session.reset();
        }
        session.end(session.refuse(refusal));
    }

    private void endMessage() {
        session.awaitCommit();
        if (content.sawBareLf() && session.client().bareNewline() == BareNewline.NOTE) {
            session.log().noteBareLineFeed();
        }
        content.endLine();
        messageBytes = content.contentBytes();
        if (content.isTooBig()) {
            onEnd(SmtpPhrasebook.MESSAGE_TOO_BIG);
        } else if (content.sawBareLf() && session.client().bareNewline() == BareNewline.REJECT) {
            session.refuseBareLineFeed();
        } else {
            judge(open());
        }
    }

    /** By the restrictions at the end of the content. */
    private void judge(Transaction transaction) {
        Restrictions restrictions = session.settings().restrictions();
        if (!restrictions.has(RestrictionStage.END_OF_DATA)) {
            content.end(transaction.orders());
            return;
        }
        Facts facts = SessionFacts.ofContent(session, transaction, messageBytes);
        PatientInquiry inquiry = service.inquirer().begin();
        Ruling ruling = restrictions.atContent(RestrictionStage.END_OF_DATA, facts, inquiry);
        if (inquiry.isWaiting()) {
            service.inquirer()
                    .await(
                            inquiry,
                            again -> restrictions.atContent(RestrictionStage.END_OF_DATA, facts, again),
                            late -> onJudged(transaction, late),
                            session::onMistake);
        } else {
            onJudged(transaction, ruling);
        }
    }

    private void onJudged(Transaction transaction, Ruling ruling) {
        if (session.transaction() != transaction) {
            // The client has disconnected meanwhile.
            return;
        }
        RecipientFacts only = transaction.acceptedCount() == 1 ? transaction.firstRecipient() : null;
        SmtpReply refusal = session.rulings()
                .take(
                        SessionState.AFTER_CONTENT,
                        ruling,
                        transaction.givenSender(),
                        only == null ? null : only.recipient());
        if (refusal == null) {
            content.end(transaction.orders());
            return;
        }
        session.awaitCommand();
        session.reset();
        session.end(session.refuse(refusal));
        session.connection().resume();
    }

    // The intake. ----------------------------------------------------------------------------------------------------

    @Override
    public void onRoom() {
        session.connection().touch();
        session.connection().resume();
    }

    @Override
    public void onEnd(@Nullable SmtpReply refusal) {
        Transaction ended = session.transaction();
        if (refusal == null) {
            service.meter().count(Count.MESSAGES_ACCEPTED);
            service.meter().count(Count.ACCEPTED_BYTES, messageBytes);
        } else if (refusal.isTransient()) {
            service.meter().count(Count.MESSAGES_SHED);
        }
        if (ended == null) {
            // The client has disconnected meanwhile.
            return;
        }
        session.awaitCommand();
        Outcome outcome = refusal == null ? accept(ended) : refuse(ended, refusal);
        session.reset();
        session.end(outcome);
        session.connection().resume();
    }

    private Outcome accept(Transaction ended) {
        service.meter().record(Stage.ACCEPT, service.nowNs() - ended.arrivalNs());
        session.forgive();
        SmtpReply passedOn = session.proxy().reply();
        if (passedOn != null) {
            session.log().proxied("accept", passedOn, ended);
            return session.accept(passedOn);
        }
        String queueId = String.valueOf(ended.queueIdText());
        long chunkedBytes = content.isChunked() ? messageBytes : -1;
        session.connection().replyQueued(queueId, chunkedBytes);
        session.log().transcript().sayQueued(queueId, chunkedBytes);
        return Outcome.ACCEPTED;
    }

    private Outcome refuse(Transaction ended, SmtpReply refusal) {
        if (content.isContentRejected()) {
            session.log().noteRefused(SessionState.AFTER_CONTENT, refusal);
            return session.refuse(refusal);
        }
        if (session.proxy().reply() == refusal) {
            session.log().proxied("reject", refusal, ended);
            return session.refuse(refusal);
        }
        return session.milters().hasSaid(refusal)
                ? session.refuse(refusal)
                : session.reject(SessionState.AFTER_CONTENT, refusal, ended.sender(), null);
    }
}
