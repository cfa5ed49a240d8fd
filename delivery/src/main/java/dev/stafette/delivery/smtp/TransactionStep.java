// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One message to some of its recipients: MAIL, RCPT…, DATA, content, dot (RFC 5321 §3.3).
 * Thread: event loop.
 *
 * <pre>
 *   MAIL → RCPT → DATA → BODY → DOT → end       each at its reply, BODY when the last byte has left
 *   XFORWARD → XFORWARD → MAIL                  where a server is told whom the message came from; a refusal is a warning
 *   with PIPELINING: XFORWARD, MAIL, all RCPT and DATA leave together and the replies come as they come (RFC 2920 §3.1)
 *   nobody accepted: DATA is not sent, or its reply not looked at; a 354 all the same is answered by a lone dot
 *   a message that only asks for its recipients (TraceMode.VERIFY, PROBE): no DATA, RSET behind the last RCPT; or DATA,
 *   and no more behind its reply
 *   LMTP: a reply to the dot for each recipient that was accepted, in their order (RFC 2033 §4.2)
 *   421: a refusal like others, but if the connection ends, it was announced; if not, QUIT behind the transaction
 * </pre>
 * A server that runs out of room for recipients (452) gets the rest in another transaction behind this one
 * (RFC 5321 §4.5.3.1.10).
 */
final class TransactionStep implements SessionStep {
    private static final byte WAITING = 0;
    private static final byte ACCEPTED = 1;
    /** It has its outcome, most likely a refusal. */
    private static final byte SETTLED = 2;

    private static final byte REFUSED_FOR_ROOM = 3;

    private static final int COMMAND_BYTES = 64;

    private final SmtpSession session;
    private final Attempt attempt;
    private final EnvelopeCommands commands;
    private final OriginCommands origin;
    private final BodyTransfer body;

    /** Places in the request, and what the server said of each. */
    private final int[] recipients;

    private final byte[] states;

    /** There was no room for them behind others in the transaction before. */
    private final boolean rest;

    // Owned by the loop.
    private SessionStage stage;
    private int answeredCount;
    /** Without those that LMTP has answered for. */
    private int acceptedCount;

    private int deliveredCount;
    private int refusedForRoomCount;
    private boolean senderRefused;
    private boolean anyReply;
    /** The envelope was sent before the message in front of it was answered. */
    private boolean early;
    /** The 421 with which the server announced that it closes; null when it did not. */
    private @Nullable DeliveryOutcome shutdown;

    TransactionStep(SmtpSession session, Attempt attempt, int[] recipients, boolean rest) {
        this.session = session;
        this.attempt = attempt;
        this.recipients = recipients;
        this.rest = rest;
        this.states = new byte[recipients.length];
        this.commands = new EnvelopeCommands(
                attempt.request(),
                session.offered(),
                session.settings().habits(),
                attempt.tls().requirement());
        this.origin = session.settings().sendsOrigin()
                ? OriginCommands.of(attempt.request().envelope().origin(), session.offered())
                : OriginCommands.NONE;
        this.stage = origin.first();
        this.body = BodyTransfer.of(session, attempt, this::onBodySent);
    }

    @Override
    public void onWritable() {
        if (stage == SessionStage.BODY) {
            body.onWritable();
        }
    }

    @Override
    public SessionStage stage() {
        return stage;
    }

    @Override
    public long progress() {
        return stage == SessionStage.BODY ? body.progress() : 0;
    }

    private boolean isPipelining() {
        return session.offered().has(EhloCapabilities.PIPELINING);
    }

    void begin() {
        DeliveryOutcome obstacle = commands.obstacle(session);
        if (obstacle != null) {
            settle(obstacle, WAITING);
            end(false);
            return;
        }
        ByteBuf out = buffer(isPipelining() ? recipients.length + 2 : 1);
        if (isPipelining()) {
            writeEnvelope(out);
        } else {
            writeFirst(out);
        }
        session.sendCommands(out);
        session.await(stage);
    }

    /** The command of the stage: MAIL, or what stands before it. */
    private void writeFirst(ByteBuf out) {
        if (stage == SessionStage.MAIL) {
            commands.writeMail(out);
        } else {
            origin.write(stage, out);
        }
    }

    private void writeEnvelope(ByteBuf out) {
        origin.writeAll(out);
        commands.writeMail(out);
        for (int recipient : recipients) {
            commands.writeRcpt(out, recipient);
        }
        if (!commands.endAtRcpt()) {
            commands.writeData(out);
        }
    }

    /** Something about the server keeps the message from being sent, or only in another form. */
    boolean hasObstacle() {
        return commands.obstacle(session) != null;
    }

    /** The message in front of it is done: the next reply is ours. */
    void onTurn() {
        early = true;
        session.history().begin(attempt);
        attempt.onTurn(session);
    }

    void onTurnLost() {
        attempt.onTurnLost();
    }

    private ByteBuf buffer(int commandCount) {
        return session.loop().commands().take(COMMAND_BYTES * commandCount);
    }

    // Replies. -------------------------------------------------------------------------------------------------------

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        if (reply.code() == 421 && isStale()) {
            session.close();
            attempt.onStale();
            return;
        }
        if (isOthersFault(reply)) {
            session.onTooStrict();
            attempt.onStale();
            return;
        }
        anyReply = true;
        if (reply.code() == 421) {
            session.distrust();
            shutdown = said(reply);
        }
        switch (stage) {
            case XFORWARD_CLIENT:
            case XFORWARD_REST:
                onOrigin(reply);
                break;
            case MAIL:
                onMail(reply);
                break;
            case RCPT:
                onRcpt(reply);
                break;
            case DATA:
                onData(reply);
                break;
            case BODY:
                onEarlyReply(reply);
                break;
            default:
                onDot(reply);
                break;
        }
    }

    /** What is wrong with a session that has carried others may come of them, and nothing has been taken yet. */
    private boolean isOthersFault(SmtpReplyDecoder reply) {
        return session.messageCount() > 1
                && stage.compareTo(SessionStage.BODY) < 0
                && (session.hasUnsent() || OutcomePolicy.isOutOfPlace(stage, reply.code()));
    }

    /** As in Postfix, a server that does not want to hear it gets the message all the same. */
    private void onOrigin(SmtpReplyDecoder reply) {
        if (isTooEarly(reply)) {
            return;
        }
        if (reply.code() / 100 != 2) {
            session.warn("host " + session.peer().relay() + " said: " + reply.text() + " (in reply to " + stage.command
                    + ")");
        }
        awaitNext(origin.next(stage));
        if (!isPipelining()) {
            ByteBuf out = buffer(1);
            writeFirst(out);
            session.sendCommands(out);
        }
    }

    /** The server does not understand what came behind a message: then it is tried again by itself. */
    private boolean isTooEarly(SmtpReplyDecoder reply) {
        if (early && OutcomePolicy.isOutOfSequence(reply.code())) {
            session.onTooStrict();
            attempt.onStale();
            return true;
        }
        return false;
    }

    private void onMail(SmtpReplyDecoder reply) {
        if (isTooEarly(reply)) {
            return;
        }
        if (reply.code() / 100 != 2) {
            senderRefused = true;
            settle(said(reply), WAITING);
            if (!isPipelining()) {
                end(true);
                return;
            }
        }
        commands.noteWhatIsForgotten(session);
        awaitNext(SessionStage.RCPT);
        if (!isPipelining()) {
            sendRcpt();
        }
    }

    private void sendRcpt() {
        ByteBuf out = buffer(1);
        commands.writeRcpt(out, recipients[answeredCount]);
        session.sendCommands(out);
    }

    private void onRcpt(SmtpReplyDecoder reply) {
        int at = answeredCount++;
        if (!senderRefused) {
            onRcptAnswered(at, reply);
        }
        if (answeredCount < recipients.length) {
            awaitNext(SessionStage.RCPT);
            if (!isPipelining()) {
                sendRcpt();
            }
        } else if (commands.endAtRcpt()) {
            end(true);
        } else if (isPipelining()) {
            awaitNext(SessionStage.DATA);
        } else if (acceptedCount > 0) {
            session.send("DATA");
            awaitNext(SessionStage.DATA);
        } else {
            end(true);
        }
    }

    private void onRcptAnswered(int at, SmtpReplyDecoder reply) {
        if (reply.code() / 100 == 2) {
            onRcptAccepted(at, reply);
        } else if ((acceptedCount > 0 || rest) && OutcomePolicy.isTooManyRecipients(reply.code())) {
            states[at] = REFUSED_FOR_ROOM;
            refusedForRoomCount++;
            attempt.settle(recipients[at], OutcomePolicy.noRoom(session.peer(), session.messageCount(), reply));
        } else {
            states[at] = SETTLED;
            attempt.settle(recipients[at], said(reply));
        }
    }

    private void onRcptAccepted(int at, SmtpReplyDecoder reply) {
        if (commands.endAtRcpt()) {
            states[at] = SETTLED;
            attempt.settle(recipients[at], OutcomePolicy.deliverable(session.peer(), session.messageCount(), reply));
        } else {
            states[at] = ACCEPTED;
            acceptedCount++;
        }
    }

    private void onData(SmtpReplyDecoder reply) {
        // No content is sent for a reply that came before DATA was sent.
        if (reply.code() / 100 != 3 || session.hasUnsent()) {
            // With no recipient accepted, each has its outcome already.
            settleIfAny(reply);
            end(true);
        } else if (commands.onlyAsk()) {
            settle(OutcomePolicy.deliverable(session.peer(), session.messageCount(), reply), ACCEPTED);
            // The server waits for content, and is to get none.
            session.close();
            end(false);
        } else if (acceptedCount == 0) {
            sendLoneDot();
        } else {
            awaitNext(SessionStage.BODY);
            sendBody();
        }
    }

    private void sendLoneDot() {
        ByteBuf dot = buffer(1);
        dot.writeCharSequence(".\r\n", StandardCharsets.US_ASCII);
        session.sendCommands(dot);
        if (session.settings().isLmtp()) {
            // Nobody is there to be answered for.
            session.distrust();
            end(false);
        } else {
            awaitNext(SessionStage.DOT);
        }
    }

    /** With the next message's envelope behind it, where there is a next message. */
    private void sendBody() {
        TransactionStep next = refusedForRoomCount == 0 && body.isStartedWhole() ? session.takeNext() : null;
        if (next == null) {
            body.start();
            return;
        }
        ByteBuf envelope = next.buffer(next.recipients.length + 2);
        next.writeEnvelope(envelope);
        session.history().sayAhead(envelope);
        body.startBefore(envelope);
    }

    /**
     * Some servers refuse while the content is still coming; the two ends would not agree again. Nor can the message have
     * been taken before it was sent.
     */
    private void onEarlyReply(SmtpReplyDecoder reply) {
        if (reply.code() / 100 == 2) {
            session.outOfStep(reply);
            return;
        }
        if (session.settings().isLmtp()) {
            settle(nextAccepted(), said(reply));
            session.outOfStep(reply);
            return;
        }
        settleIfAny(reply);
        session.close();
        end(false);
    }

    private void onDot(SmtpReplyDecoder reply) {
        if (session.settings().isLmtp()) {
            onDotForOne(reply);
            return;
        }
        if (reply.code() / 100 == 2 && acceptedCount > 0) {
            settle(delivered(reply), ACCEPTED);
            deliveredCount = acceptedCount;
        } else {
            settleIfAny(reply);
        }
        end(false);
    }

    private void onDotForOne(SmtpReplyDecoder reply) {
        boolean isDelivered = reply.code() / 100 == 2;
        settle(nextAccepted(), isDelivered ? delivered(reply) : said(reply));
        deliveredCount += isDelivered ? 1 : 0;
        if (acceptedCount > 0) {
            awaitNext(SessionStage.DOT);
        } else {
            end(false);
        }
    }

    private int nextAccepted() {
        int at = 0;
        while (states[at] != ACCEPTED) {
            at++;
        }
        return at;
    }

    private void settle(int at, DeliveryOutcome outcome) {
        states[at] = SETTLED;
        acceptedCount--;
        attempt.settle(recipients[at], outcome);
    }

    /** An idle session may have died unnoticed; nothing has been taken yet. */
    private boolean isStale() {
        return session.messageCount() > 1 && !anyReply;
    }

    // Outcomes. ------------------------------------------------------------------------------------------------------

    private void awaitNext(SessionStage next) {
        stage = next;
        session.await(next);
    }

    private DeliveryOutcome delivered(SmtpReplyDecoder reply) {
        LmtpSettings lmtp = session.settings().lmtp();
        boolean isFinal = lmtp != null && lmtp.assumesFinal();
        Handover handover = session.offered().has(EhloCapabilities.DSN)
                ? Handover.PASSED_ON
                : isFinal ? Handover.FINAL : Handover.RELAYED;
        return OutcomePolicy.delivered(session.peer(), session.messageCount(), handover, reply);
    }

    private DeliveryOutcome said(SmtpReplyDecoder reply) {
        if (session.history().note(reply.code())) {
            // As with Postfix: one of the two has not understood the other.
            session.distrust();
        }
        return OutcomePolicy.said(session.peer(), session.messageCount(), stage, reply);
    }

    private void settleIfAny(SmtpReplyDecoder reply) {
        if (acceptedCount > 0) {
            settle(said(reply), ACCEPTED);
        }
    }

    /** Gives one outcome to all that are in the state. */
    private void settle(DeliveryOutcome outcome, byte state) {
        for (int i = 0; i < recipients.length; i++) {
            if (states[i] == state) {
                attempt.settle(recipients[i], outcome);
                if (state == WAITING) {
                    states[i] = SETTLED;
                }
            }
        }
    }

    private void onBodySent() {
        session.history().say(".");
        awaitNext(SessionStage.DOT);
    }

    private void end(boolean needsReset) {
        if (deliveredCount > 0 && refusedForRoomCount > 0 && !session.isClosed()) {
            session.beginTransaction(attempt, refusedForRoom(), true);
            return;
        }
        session.release(needsReset);
        attempt.onTransactionEnd();
    }

    private int[] refusedForRoom() {
        int[] rest = new int[refusedForRoomCount];
        int count = 0;
        for (int i = 0; i < recipients.length; i++) {
            if (states[i] == REFUSED_FOR_ROOM) {
                rest[count++] = recipients[i];
            }
        }
        return Arrays.copyOf(rest, count);
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        if (isStale()) {
            attempt.onStale();
            return;
        }
        boolean maybeSent = stage == SessionStage.DOT && acceptedCount > 0;
        DeliveryOutcome reason = shutdown == null || maybeSent ? why : shutdown;
        settle(reason, WAITING);
        settle(maybeSent ? why.withHandover(Handover.UNKNOWN) : reason, ACCEPTED);
        attempt.onTransactionBroken(reason, maybeSent);
    }
}
