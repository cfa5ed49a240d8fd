// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.log.CommandCounts;
import dev.stafette.engine.log.RejectedMail;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.policy.ClientFacts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's session: what it has said so far, and what may come next (RFC 5321 §4.1.4).
 * Thread: event loop.
 *
 * <pre>
 * GREETING   → COMMAND     the client's name is known, and 220 is said
 * COMMAND    ↔ LOOKUP      a table is asked that may have to be waited for
 *            → CONTENT     354 is said, or BDAT came
 * CONTENT    → COMMAND     the end of a chunk, or of a message that is refused at once
 *            → COMMITTING  the end of a message
 * COMMITTING → COMMAND     the message is on stable storage, or refused
 * any        → CLOSED      QUIT, 421, the client or the clock
 * </pre>
 * Input is worked on in COMMAND and CONTENT only, and not while a reply is delayed: replies keep the order of commands.
 */
final class SmtpServerSession {
    private enum Phase {
        GREETING,
        COMMAND,
        LOOKUP,
        CONTENT,
        COMMITTING,
        CLOSED
    }

    private static final String AFTER_CONNECT = "CONNECT";
    static final String AFTER_CONTENT = "END-OF-MESSAGE";

    /** Of input that is logged because it came too early. */
    private static final int EXCERPT_BYTES_MAX = 100;

    private static final long NO_CONTENT = -1;

    private final ServiceLoop service;
    private final Connection connection;
    private final Channel channel;
    private final SmtpLineDecoder lines;
    private final SessionClient client;
    private final MessageExchange exchange;
    private final CommandCounts counts = new CommandCounts();

    // Owned by the loop.
    private Phase phase = Phase.GREETING;
    private Hello hello = Hello.NONE;
    private VerbTable.Row current = VerbTable.UNKNOWN;
    /** The command has not ended yet: it counts before the session does. */
    private boolean inCommand;

    private String lastCommand = AFTER_CONNECT;
    /** When the current command came, or the end of the content. */
    private long commandNs;

    private int errorCount;
    private int junkCount;
    private boolean stopping;

    SmtpServerSession(ServiceLoop service, Channel channel, InetSocketAddress peer) {
        this.service = service;
        this.channel = channel;
        this.connection = new Connection(this, service, channel, peer);
        this.lines =
                new SmtpLineDecoder(service.settings().protocol().commands().lineBytesMax());
        this.client = new SessionClient(service, connection);
        this.exchange = new MessageExchange(this, service);
    }

    Connection connection() {
        return connection;
    }

    String serviceName() {
        return service.name();
    }

    SmtpServerSettings settings() {
        return service.settings();
    }

    ServerReplies replies() {
        return service.replies();
    }

    SessionClient client() {
        return client;
    }

    Hello hello() {
        return hello;
    }

    void setHello(Hello said) {
        hello = said;
    }

    MessageExchange exchange() {
        return exchange;
    }

    String addressText() {
        return connection.addressText();
    }

    String clientLiteral() {
        return connection.literalText();
    }

    // The beginning. -------------------------------------------------------------------------------------------------

    void onConnected() {
        service.meter().count(Count.SESSIONS_IN);
        client.enter();
        if (settings().clients().looksUpNames()) {
            service.names().find(connection.address(), this::onNamed);
        } else {
            onNamed(ClientFacts.UNKNOWN);
        }
    }

    private void onNamed(String name) {
        service.ask(channel, client.isImmediate(), () -> client.ask(name), this::onKnown);
    }

    private void onKnown(ClientStanding standing) {
        if (phase == Phase.CLOSED) {
            return;
        }
        client.onKnown(standing);
        service.log().connected(client.text());
        if (client.isTooMany()) {
            replyAndClose(replies().tooManyConnections(connection.addressText()));
            connection.flush();
            return;
        }
        // Behind the next look at the sockets, so that whoever talks before the greeting is heard before it is said: a
        // task comes before that look, and what a task schedules behind it.
        channel.eventLoop().execute(() -> channel.eventLoop().schedule(this::greet, 0, TimeUnit.NANOSECONDS));
    }

    private void greet() {
        if (phase == Phase.CLOSED) {
            return;
        }
        ByteBuf early = connection.heldInput();
        if (early.isReadable() && settings().protocol().forbidsPipelining()) {
            refusePipelining(early);
        } else {
            phase = Phase.COMMAND;
            reply(replies().greeting);
            connection.touch();
        }
        connection.resume();
    }

    // Input. ---------------------------------------------------------------------------------------------------------

    /** Whether there is something to be done about input; if not, it waits. */
    boolean wantsInput() {
        return phase == Phase.COMMAND || phase == Phase.CONTENT && !exchange.isStalled();
    }

    boolean isReceiving() {
        return phase == Phase.CONTENT;
    }

    /** Content comes faster than it can be stored. */
    boolean isStalled() {
        return phase == Phase.CONTENT && exchange.isStalled();
    }

    /** Takes one command, or what there is of the content. */
    void work(ByteBuf in) {
        if (phase == Phase.CONTENT) {
            exchange.receive(in);
            return;
        }
        if (lines.decode(in) == SmtpLineDecoder.Result.LINE) {
            execute(in);
        }
    }

    private void execute(ByteBuf in) {
        if (lines.endedByBareLf() && client.bareNewline() == BareNewline.REJECT) {
            refuseBareLineFeed();
            return;
        }
        noteBareLineFeed(lines.endedByBareLf());
        if (lines.isCut()) {
            service.log().commandTooLong(client.text(), lines.length(), lines.excerpt());
        }
        SmtpCommand command = service.parser().parse(lines, exchange.isSmtpUtf8());
        if (command instanceof BadCommand bad && isUnreadable(bad.reply())) {
            begin(VerbTable.UNKNOWN);
            end(refuse(bad.reply()));
        } else if (settings().protocol().isNoop(command)) {
            begin(VerbTable.NOOP);
            end(accept(SmtpPhrasebook.OK));
        } else {
            begin(VerbTable.of(command.verb()));
            if (command instanceof SmtpCommand.Forbidden forbidden) {
                service.log().nonSmtpCommand(client.text(), forbidden.text());
                replyAndClose(SmtpPhrasebook.FORBIDDEN);
                end(Outcome.REFUSED);
            } else if (in.isReadable() && mustWait()) {
                refusePipelining(in);
                end(Outcome.REFUSED);
            } else {
                end(current.step().run(this, command));
            }
        }
    }

    private static boolean isUnreadable(SmtpReply reply) {
        return reply == SmtpPhrasebook.BAD_UTF8 || reply == SmtpPhrasebook.BAD_SYNTAX;
    }

    /** RFC 2920 §3.1: what the client sends behind this it cannot mean, for it does not know the answer. */
    private boolean mustWait() {
        return settings().protocol().forbidsPipelining() && (current.endsGroup() || !hello.isExtended());
    }

    private void refusePipelining(ByteBuf input) {
        int length = Math.min(input.readableBytes(), EXCERPT_BYTES_MAX);
        String excerpt = input.toString(input.readerIndex(), length, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n");
        service.log().improperPipelining(exchange.queueIdText(), lastCommand, client.text(), excerpt);
        replyAndClose(SmtpPhrasebook.PIPELINING);
    }

    /** In a command, or in a message that is complete. */
    void refuseBareLineFeed() {
        service.log().bareLineFeed(exchange.queueIdText(), client.text(), lastCommand);
        replyAndClose(replies().bareLineFeed);
    }

    void noteBareLineFeed(boolean seen) {
        if (seen && client.bareNewline() == BareNewline.NOTE) {
            counts.noteBareLineFeed();
        }
    }

    private void begin(VerbTable.Row row) {
        current = row;
        inCommand = true;
        lastCommand = row.verb().name();
        commandNs = service.nowNs();
    }

    /** The current command is over: counts it, and ends the session when there were too many errors. */
    void end(Outcome outcome) {
        // DATA has its reply when it is pending; what follows is the end of the message, or of a chunk.
        boolean isOver = outcome == Outcome.ACCEPTED || outcome == Outcome.REFUSED;
        if (isOver || current.verb() == SmtpVerb.DATA) {
            recordTime();
        }
        if (outcome == Outcome.PENDING) {
            exchange.endIfComplete();
            return;
        }
        if (outcome == Outcome.WAITING) {
            return;
        }
        inCommand = false;
        counts.count(current.verb(), outcome == Outcome.ACCEPTED);
        if (phase == Phase.CLOSED) {
            service.log().disconnected(client.text(), counts);
            return;
        }
        if (outcome == Outcome.REFUSED) {
            errorCount++;
            service.meter().count(Count.COMMANDS_REJECTED);
        }
        if (current.isJunk() && junkCount++ > settings().limits().junkCommandCount()) {
            errorCount++;
        }
        connection.touch();
        if (!connection.isDelayed()) {
            onReplied();
        }
        if (stopping) {
            onShutdown();
        }
    }

    /** Ends the current command with an answer that may have to be waited for; the question changes nothing. */
    <T> Outcome ask(boolean isImmediate, Supplier<T> question, Function<T, Outcome> then) {
        if (isImmediate) {
            return then.apply(question.get());
        }
        phase = Phase.LOOKUP;
        service.ask(channel, false, question, answer -> {
            if (phase == Phase.LOOKUP) {
                phase = Phase.COMMAND;
                end(then.apply(answer));
                connection.resume();
            } else {
                end(Outcome.REFUSED);
            }
        });
        return Outcome.WAITING;
    }

    private void recordTime() {
        Stage stage = lastCommand.equals(AFTER_CONTENT) ? Stage.END_OF_DATA : current.stage();
        if (stage != null) {
            service.meter().record(stage, service.nowNs() - commandNs);
        }
    }

    /** The reply to a command has been said. */
    void onReplied() {
        if (errorCount >= settings().limits().hardErrorCount()) {
            service.log().tooManyErrors(lastCommand, client.text());
            replyAndClose(replies().tooManyErrors);
        }
    }

    // The message. ---------------------------------------------------------------------------------------------------

    void awaitContent() {
        phase = Phase.CONTENT;
        connection.touch();
    }

    void awaitCommit() {
        phase = Phase.COMMITTING;
        lastCommand = AFTER_CONTENT;
        commandNs = service.nowNs();
    }

    void awaitCommand() {
        if (phase != Phase.CLOSED) {
            phase = Phase.COMMAND;
        }
    }

    /** A message was accepted: the client means well. */
    void forgive() {
        errorCount = 0;
        junkCount = 0;
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

    /** As {@link #refuse}, for a reason that the log tells. */
    Outcome reject(String stage, SmtpReply reply, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        RejectedMail mail = new RejectedMail(
                sender == null ? null : sender.external(),
                recipient == null ? null : recipient.external(),
                hello.protocol(),
                hello.name().isEmpty() ? null : hello.name());
        service.log().rejected(exchange.queueIdText(), stage, client.text(), soften(reply), mail);
        return refuse(reply);
    }

    Outcome refuseEtrn(String domain) {
        service.log().etrnRejected(client.text(), domain);
        return refuse(SmtpPhrasebook.etrnRefused(domain));
    }

    void reply(SmtpReply reply) {
        SmtpReply said = soften(reply);
        SessionLimits limits = settings().limits();
        boolean slow = errorCount >= limits.softErrorCount();
        connection.reply(said, slow ? limits.errorSleep().toNanos() : 0);
        // RFC 5321 §3.8: after these the server closes.
        if (said.code() == 421 || said.code() == 521) {
            close();
        }
    }

    private SmtpReply soften(SmtpReply reply) {
        if (!settings().protocol().softBounce() || !reply.isPermanent()) {
            return reply;
        }
        EnhancedStatus status = reply.status();
        return SmtpReply.ofLines(reply.code() - 100, status == null ? null : status.withClass(4), reply.lines());
    }

    Outcome quit(SmtpReply reply) {
        reply(reply);
        connection.closeAfterQuit();
        close();
        return Outcome.ACCEPTED;
    }

    void replyAndClose(SmtpReply reply) {
        reply(reply);
        close();
    }

    // The end. -------------------------------------------------------------------------------------------------------

    /** Nothing has come from the client for too long. */
    void onTimeout() {
        service.log().timedOut(lastCommand, contentBytes(), client.text());
        replyAndClose(replies().timeout);
        connection.flush();
    }

    private long contentBytes() {
        return phase == Phase.CONTENT ? exchange.contentBytes() : NO_CONTENT;
    }

    /** The client is gone, or has said its last word without QUIT. */
    void onLost() {
        if (phase != Phase.CLOSED) {
            service.log().connectionLost(lastCommand, contentBytes(), client.text());
            close();
        }
    }

    /** The process stops. A message that is being committed gets its answer first. */
    void onShutdown() {
        if (phase == Phase.COMMITTING) {
            stopping = true;
        } else if (phase != Phase.CLOSED) {
            replyAndClose(replies().shuttingDown);
            connection.flush();
        }
    }

    private void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.CONTENT || phase == Phase.COMMITTING) {
            inCommand = false;
            counts.count(current.verb(), false);
        }
        phase = Phase.CLOSED;
        exchange.reset();
        if (!inCommand) {
            service.log().disconnected(client.text(), counts);
        }
        connection.close();
    }

    /** The channel is closed; nothing is called any more but what a message under way has to tell. */
    void onClosed() {
        onLost();
        connection.onClosed();
        client.leave();
    }
}
