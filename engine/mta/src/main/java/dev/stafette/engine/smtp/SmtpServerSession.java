// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.restriction.ConnectionFacts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.smtp.SessionState.Phase;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's session: from the connection to the end, what may come next (RFC 5321 §4.1.4), and how each command ends.
 * Thread: event loop.
 *
 * <pre>
 * GREETING   → COMMAND     {@link SessionOpening} has come to its end, and 220 is said
 * COMMAND    ↔ LOOKUP      a table is asked that may have to be waited for
 *            → CONTENT     354 is said, or BDAT came
 *            ↔ AUTH        334 is said, and its answer is waited for
 * CONTENT    → COMMAND     the end of a chunk, or of a message that is refused at once
 *            → COMMITTING  the end of a message
 * COMMITTING → COMMAND     the message is on stable storage, or refused
 * COMMAND    → HANDSHAKE   STARTTLS is answered; or before the greeting
 * HANDSHAKE  → COMMAND     what was said before is forgotten
 * any        → CLOSED      QUIT, 421, the client or the clock
 * </pre>
 * Each phase says who takes input next: the command line in COMMAND, the content in CONTENT, else nobody. Nor does anybody
 * while a reply is delayed: replies keep the order of commands.
 */
final class SmtpServerSession implements ConnectionListener, OpeningListener, TlsListener {
    private static final long NO_CONTENT = -1;

    private final ServiceLoop service;
    private final Channel channel;
    private final Connection connection;
    private final SessionState state = new SessionState();
    private final SessionClient client;
    private final SessionReplies replies;
    private final SessionLog log;
    private final SessionRulings rulings;
    private final SessionTls tls;
    private final SessionMilters milters;
    private final SessionProxy proxy;

    // Owned by the loop.
    private Input commands = Input.NOBODY;
    /** Made with the first message: most sessions of a busy server wait for theirs. */
    private @Nullable ContentReceiver content;

    SmtpServerSession(ServiceLoop service, Channel channel, InetSocketAddress peer) {
        this.service = service;
        this.channel = channel;
        this.connection = new Connection(this, service, channel, peer);
        this.client = new SessionClient(service, connection);
        SessionTranscript transcript = new SessionTranscript(service, client);
        this.replies = new SessionReplies(
                service, connection, state, transcript, () -> ReplyFacts.of(client, state, connectionFacts()));
        this.log = new SessionLog(service.log(), client, state, transcript);
        this.rulings = new SessionRulings(state, replies, log);
        this.milters = new SessionMilters(service, connection, client, state, log);
        this.proxy = new SessionProxy(service, connection.loop(), log);
        this.tls = new SessionTls(this, service, connection, client, state, log);
    }

    ServiceLoop service() {
        return service;
    }

    SmtpServerSettings settings() {
        return service.settings();
    }

    Connection connection() {
        return connection;
    }

    SessionClient client() {
        return client;
    }

    SessionLog log() {
        return log;
    }

    SessionState state() {
        return state;
    }

    SessionTls tls() {
        return tls;
    }

    SessionProxy proxy() {
        return proxy;
    }

    SessionMilters milters() {
        return milters;
    }

    @Override
    public void onTlsStarted() {
        awaitCommand();
        end(Outcome.ACCEPTED);
        connection.resume();
    }

    // The beginning. -------------------------------------------------------------------------------------------------

    /** {@code commandInput}: takes its commands once it has been greeted. */
    void onConnected(Input commandInput) {
        commands = commandInput;
        service.meter().count(Count.SESSIONS_IN);
        opening().begin();
    }

    /** Not kept: most sessions need it once. */
    private SessionOpening opening() {
        return new SessionOpening(this, service, connection, client, state, log, tls, milters);
    }

    @Override
    public void onJudged(Ruling ruling) {
        state.deny(rulings.take(RestrictionStage.CLIENT, "CONNECT", ruling, null, null));
    }

    @Override
    public void greet() {
        enter(Phase.COMMAND, commands);
        SmtpReply denial = state.denial() == null ? milters.denial() : state.denial();
        if (denial != null && denial.isPermanent()) {
            state.addError();
        }
        reply(denial == null ? service.replies().greeting : denial);
        connection.touch();
    }

    /** XCLIENT: the session is another client's from here on, and starts with the greeting. */
    Outcome beginAgain(ClientAttributes attributes) {
        reset();
        state.endCommand();
        // As Postfix counts it: the command has no end of its own.
        log.count(SmtpVerb.XCLIENT, false);
        enter(Phase.GREETING, Input.NOBODY);
        opening().beginAgain(attributes);
        return Outcome.WAITING;
    }

    /** From now on {@code next} takes the input. */
    private void enter(Phase phase, Input next) {
        state.setPhase(phase);
        connection.setInput(next);
    }

    // Commands. ------------------------------------------------------------------------------------------------------

    void begin(SmtpVerb verb, boolean isJunk) {
        state.begin(verb, isJunk, connection.seenNs());
    }

    /** The current command is over: counts it, and ends the session when there were too many errors. */
    void end(Outcome outcome) {
        // DATA has its reply when it is pending; what follows is the end of the message, or of a chunk.
        boolean isOver = outcome == Outcome.ACCEPTED || outcome == Outcome.REFUSED;
        long nowNs = service.nowNs();
        if (isOver || state.verb() == SmtpVerb.DATA) {
            state.recordTime(service.meter(), nowNs);
        }
        if (outcome == Outcome.PENDING && state.phase() == Phase.CONTENT && content != null) {
            content.endIfComplete();
        }
        if (!isOver) {
            return;
        }
        state.endCommand();
        log.count(state.verb(), outcome == Outcome.ACCEPTED);
        if (state.isClosed()) {
            log.disconnected();
            return;
        }
        if (outcome == Outcome.REFUSED) {
            state.addError();
            service.meter().count(Count.COMMANDS_REJECTED);
        }
        state.countJunk(settings().limits().junkCommandCount());
        connection.touch(nowNs);
        if (!connection.isDelayed()) {
            onReplied();
        }
        if (state.isStopping()) {
            onShutdown();
        }
    }

    /** Ends the current command with an answer that may have to be waited for; the question changes nothing. */
    <T> Outcome ask(Function<Inquiry, T> question, Function<T, Outcome> then) {
        PatientInquiry inquiry = service.inquirer().begin();
        T found = question.apply(inquiry);
        if (!inquiry.isWaiting()) {
            return then.apply(found);
        }
        enter(Phase.LOOKUP, Input.NOBODY);
        service.inquirer().await(inquiry, question, answer -> onAnswer(answer, then), this::onMistake);
        return Outcome.WAITING;
    }

    /**
     * As {@link #ask}, of what is no table. {@code question}: gets who hears the answer, once, on the loop, and not within
     * this call.
     */
    <T> Outcome await(Consumer<Consumer<T>> question, Function<T, Outcome> then) {
        enter(Phase.LOOKUP, Input.NOBODY);
        question.accept(answer -> {
            try {
                onAnswer(answer, then);
            } catch (RuntimeException e) {
                onMistake(e);
            }
        });
        return Outcome.WAITING;
    }

    /** The command goes on with what the client says next. */
    void awaitResponse(Input answers) {
        enter(Phase.AUTH, answers);
        connection.touch();
    }

    private <T> void onAnswer(T answer, Function<T, Outcome> then) {
        if (state.phase() == Phase.LOOKUP) {
            enter(Phase.COMMAND, commands);
            end(then.apply(answer));
            connection.resume();
        } else {
            end(Outcome.REFUSED);
        }
    }

    @Override
    public void onMistake(RuntimeException mistake) {
        channel.pipeline().fireExceptionCaught(mistake);
    }

    @Override
    public void onReplied() {
        tls.onReplied();
        if (state.errorCount() >= settings().limits().hardErrorCount()) {
            log.tooManyErrors();
            replyAndClose(service.replies().tooManyErrors);
        }
    }

    /** It is not refused, but {@code reject_unauth_pipelining} may. */
    void notePipelining(ByteBuf input) {
        if (!state.isPipelined()) {
            log.improperPipelining(input);
            state.notePipelined();
        }
    }

    @Override
    public void refusePipelining(ByteBuf input) {
        log.improperPipelining(input);
        replyAndClose(SmtpPhrasebook.PIPELINING);
    }

    /** In a command, or in a message that is complete. */
    void refuseBareLineFeed() {
        log.bareLineFeed();
        replyAndClose(service.replies().bareLineFeed);
    }

    // The message. ---------------------------------------------------------------------------------------------------

    @Nullable
    Transaction transaction() {
        return state.transaction();
    }

    /** EHLO and HELO end a transaction, too (RFC 5321 §4.1.4). */
    void introduce(Hello hello) {
        reset();
        state.setHello(hello);
    }

    void open(Transaction transaction) {
        state.setTransaction(transaction);
    }

    /** With its first recipient the message gets its id. */
    void identify(Transaction transaction) {
        if (transaction.queueId() == QueueId.NONE) {
            long id = service.intake().queue().nextQueueId(transaction.arrivalMs());
            log.identified(proxy.isThere() ? transaction.number(id) : transaction.identify(id));
        }
    }

    /** Null before the first message. */
    @Nullable
    ContentReceiver content() {
        return content;
    }

    void setContent(ContentReceiver receiver) {
        content = receiver;
    }

    /** A message has begun to come by BDAT, or failed to. */
    boolean isChunked() {
        return content != null && content.isChunked();
    }

    void awaitContent(Input receiver) {
        enter(Phase.CONTENT, receiver);
        connection.touch();
    }

    void awaitCommit() {
        enter(Phase.COMMITTING, Input.NOBODY);
        state.beginCommit(connection.seenNs());
    }

    void awaitCommand() {
        if (!state.isClosed()) {
            enter(Phase.COMMAND, commands);
        }
    }

    /** A message was accepted: errors are counted anew. */
    void forgive() {
        state.forgive();
    }

    /** Discards the transaction. */
    void reset() {
        state.setTransaction(null);
        log.transcript().pause();
        milters.reset();
        proxy.close();
        client.setForwarded(null);
        if (content != null) {
            content.reset();
        }
    }

    // Replies. -------------------------------------------------------------------------------------------------------

    Outcome accept(SmtpReply reply) {
        reply(reply);
        return Outcome.ACCEPTED;
    }

    Outcome refuse(SmtpReply reply) {
        reply(reply);
        return Outcome.REFUSED;
    }

    /** A table is out of order without which the session cannot go on. {@code stage}: where it stopped. */
    Outcome failForData(String stage) {
        SmtpReply reply = service.replies().localDataError();
        log.failed(stage, reply);
        replyAndClose(reply);
        return Outcome.REFUSED;
    }

    /** As {@link #refuse}, and logs the reason. */
    Outcome reject(String stage, SmtpReply reply, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        log.rejected(stage, replies.soften(reply), sender, recipient);
        return refuse(reply);
    }

    SessionRulings rulings() {
        return rulings;
    }

    void reply(SmtpReply reply) {
        if (replies.say(reply)) {
            close();
        }
    }

    Outcome quit(SmtpReply reply) {
        client.leave();
        reply(reply);
        connection.closeAfterQuit();
        close();
        return Outcome.ACCEPTED;
    }

    void replyAndClose(SmtpReply reply) {
        reply(reply);
        close();
    }

    /** As {@link #replyAndClose}, outside of a command's turn. */
    @Override
    public void turnAway(SmtpReply reply) {
        replyAndClose(reply);
        connection.flush();
    }

    // The end. -------------------------------------------------------------------------------------------------------

    @Override
    public void onTimeout() {
        log.timedOut(contentBytes());
        turnAway(service.replies().timeout);
    }

    private long contentBytes() {
        return state.phase() == Phase.CONTENT && content != null && content.isReceiving()
                ? content.contentBytes()
                : NO_CONTENT;
    }

    @Override
    public void onLost() {
        if (!state.isClosed()) {
            log.connectionLost(contentBytes());
            close();
        }
    }

    @Override
    public void abandon() {
        close();
    }

    /** The process stops. A message that is being committed gets its answer first. */
    void onShutdown() {
        if (state.phase() == Phase.COMMITTING) {
            state.stopAfterCommand();
        } else if (!state.isClosed()) {
            turnAway(service.replies().shuttingDown);
        }
    }

    private void close() {
        if (state.isClosed()) {
            return;
        }
        if (state.phase() == Phase.CONTENT || state.phase() == Phase.COMMITTING || state.phase() == Phase.AUTH) {
            state.endCommand();
            log.count(state.verb(), false);
        }
        enter(Phase.CLOSED, Input.NOBODY);
        reset();
        if (!state.isInCommand()) {
            log.disconnected();
        }
        milters.close();
        client.leave();
        connection.close();
    }

    ConnectionFacts connectionFacts() {
        return connection.facts(
                state.hello().protocol(), client.login().facts(transaction()), state.tls(), transaction());
    }

    /** The channel is closed; only the outcome of a message in commit may follow. */
    void onClosed() {
        onLost();
        connection.onClosed();
        client.leave();
    }
}
