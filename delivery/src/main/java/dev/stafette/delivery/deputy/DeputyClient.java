// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.command.ConversationRunner;
import dev.stafette.delivery.deputy.DeputyChannel.Reply;
import dev.stafette.delivery.identity.FileWork;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.delivery.mailbox.TextWork;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has works done by the delivery service. Works on files share connections, one at a time on each; a program has one of its own,
 * whose end is how the service is told that nobody waits for it any more.
 * Thread: any; it waits for the service.
 */
public final class DeputyClient implements CommandRunner, ConversationRunner {
    private static final int GO_ON = 354;
    private static final int DONE = 250;
    private static final int NOT_NOW = 450;
    private static final EnhancedStatus NOT_TAKEN = EnhancedStatus.of(4, 3, 0);

    private final Path socket;
    private final DeputyConnections connections;

    public DeputyClient(Path socket) {
        this.socket = socket;
        this.connections = new DeputyConnections(socket);
    }

    @Override
    public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
        try {
            Reply reply = runAlone(order, body);
            EnhancedStatus status = DeputySession.status(reply.text());
            // The program's own words may begin or end with blanks.
            int length = status.toString().length() + 1;
            String text = reply.text().length() > length ? reply.text().substring(length) : "";
            Kind kind = reply.code() == DONE ? Kind.DELIVERED : reply.code() == NOT_NOW ? Kind.DEFERRED : Kind.BOUNCED;
            return new CommandResult(kind, status, text);
        } catch (ClosedByInterruptException e) {
            return CommandResult.notRun("Delivery failed: the mail system stops");
        } catch (IOException e) {
            return CommandResult.notRun(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void converse(CommandOrder order, SocketChannel client) throws IOException {
        try (client;
                SocketChannel connection = connect(order.user())) {
            DeputyChannel channel = new DeputyChannel(connection);
            DeputyConnections.greet(channel);
            channel.writeLines("MAIL FROM:<>", recipient(CommandWork.of(order), order.user()), "XTALK");
            expect(channel, DONE);
            expect(channel, DONE);
            expect(channel, GO_ON);
            Thread listening = new Thread(() -> listen(client, connection), "program-input");
            listening.setDaemon(true);
            listening.start();
            ByteBuffer said = channel.unread();
            do {
                while (said.hasRemaining()) {
                    client.write(said);
                }
                said.clear();
                said.limit(Math.max(connection.read(said), 0)).position(0);
            } while (said.hasRemaining());
        } catch (ClosedChannelException e) {
            // By whoever stops the conversation.
            return;
        }
    }

    private static void listen(SocketChannel client, SocketChannel connection) {
        ByteBuffer heard = ByteBuffer.allocate(8 << 10);
        try {
            while (client.read(heard.clear()) > 0) {
                heard.flip();
                while (heard.hasRemaining()) {
                    connection.write(heard);
                }
            }
            connection.shutdownOutput();
        } catch (IOException e) {
            // One of the two has gone, which the other gets to know.
            return;
        }
    }

    private static String recipient(WorkFields work, UserIds user) {
        return "RCPT TO:<" + user.name() + "> XWORK=" + work;
    }

    /** Why the service is of no help for that user; null: it may be. */
    @Nullable
    String refusal(UserIds user) {
        if (user.uid() <= 0 || user.gid() <= 0) {
            return "cannot act as user " + user.name() + ": uid " + user.uid() + " and gid " + user.gid()
                    + " are privileged";
        }
        return Files.exists(socket) ? null : unreachable(user, "No such file or directory");
    }

    private String unreachable(UserIds user, @Nullable String why) {
        return "cannot act as user " + user.name() + " (uid " + user.uid() + "): delivery service " + socket + ": "
                + why;
    }

    /** Of a work that is none of the service's it is an IOException. */
    @SuppressWarnings("unchecked")
    <T> T call(UserIds user, FileWork<T> work) throws IOException {
        // What a work returns is what its type says.
        if (work instanceof LetterWork letter) {
            return (T) letters(List.of(letter), user).get(0);
        }
        if (work instanceof LettersWork letters) {
            return (T) letters(letters.works(), user);
        }
        if (work instanceof FactsWork facts) {
            return (T) FileAnswer.readFacts(answer(FileAnswer.of(facts, user), user));
        }
        if (work instanceof TextWork text) {
            return (T) text.from(piece -> FileAnswer.readPiece(answer(FileAnswer.of(piece, user), user)));
        }
        throw new IOException("the delivery service knows nothing of " + work.getClass());
    }

    /** Throws where nothing has been done for any. */
    private List<MailboxResult> letters(List<LetterWork> works, UserIds user) throws IOException {
        List<Replies> all = reached(user, () -> connections.exchange(channel -> transaction(channel, works, user)));
        if (all.stream().noneMatch(Replies::isAccepted)) {
            throw refused(all.get(0).recipient());
        }
        List<MailboxResult> results = new ArrayList<>(all.size());
        for (Replies replies : all) {
            results.add(
                    replies.isAccepted()
                            ? mailbox(replies.outcome())
                            : new MailboxResult(
                                    NOT_TAKEN,
                                    String.valueOf(refused(replies.recipient()).getMessage()),
                                    List.of()));
        }
        return results;
    }

    /** In one go (RFC 2920, RFC 3030). */
    private static List<Replies> transaction(DeputyChannel channel, List<LetterWork> works, UserIds user)
            throws IOException {
        int last = works.size() - 1;
        channel.writeLines("MAIL FROM:<>");
        for (int i = 0; i <= last; i++) {
            MessageBody body = works.get(i).letter().body();
            channel.writeLines(
                    recipient(MailboxWork.of(works.get(i), user), user),
                    "BDAT " + lengthBytes(body) + (i == last ? " LAST" : ""));
            channel.writeMessage(body);
        }
        expect(channel, DONE);
        List<Reply> recipients = new ArrayList<>(works.size());
        for (int i = 0; i <= last; i++) {
            recipients.add(channel.readReply());
            if (i < last) {
                channel.readReply();
            }
        }
        List<Replies> all = new ArrayList<>(works.size());
        for (Reply recipient : recipients) {
            all.add(new Replies(recipient, recipient.code() == DONE ? channel.readReply() : recipient));
        }
        if (all.stream().noneMatch(Replies::isAccepted)) {
            // To the last message, for which there was nobody.
            channel.readReply();
        }
        return all;
    }

    private static MailboxResult mailbox(Reply reply) throws IOException {
        EnhancedStatus status = DeputySession.status(reply.text());
        List<String> warnings = reply.lines().subList(0, reply.lines().size() - 1);
        String text = reply.text().substring(status.toString().length());
        return new MailboxResult(status, text.isEmpty() ? "" : text.substring(1), List.copyOf(warnings));
    }

    private Reply runAlone(CommandOrder order, MessageBody body) throws IOException {
        try (SocketChannel connection = connect(order.user())) {
            DeputyChannel channel = new DeputyChannel(connection);
            DeputyConnections.greet(channel);
            return transaction(channel, CommandWork.of(order), order.user(), body)
                    .outcome();
        }
    }

    private WorkFields answer(WorkFields work, UserIds user) throws IOException {
        DeputyConnections.Exchange<Reply> question = channel -> {
            channel.writeLines("XWORK " + work);
            return channel.readReply();
        };
        Reply reply = reached(user, () -> connections.ask(question));
        if (reply.code() == DONE) {
            return WorkFields.parse(reply.text());
        }
        throw reply.code() == DeputySession.FILE_FAILED
                ? FileAnswer.readFailure(WorkFields.parse(reply.text()))
                : new IOException(reply.text());
    }

    private <T> T reached(UserIds user, FileWork<T> call) throws IOException {
        try {
            return call.call();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(unreachable(user, e.getMessage()), e);
        }
    }

    /** What has been said to the recipient and to the message. */
    private record Replies(Reply recipient, Reply message) {
        boolean isAccepted() {
            return recipient.code() == DONE;
        }

        /** A refusal of what comes before the message is an IOException. */
        Reply outcome() throws IOException {
            if (!isAccepted()) {
                throw refused(recipient);
            }
            return message;
        }
    }

    /** In one go (RFC 2920, RFC 3030). */
    private static Replies transaction(DeputyChannel channel, WorkFields work, UserIds user, MessageBody body)
            throws IOException {
        channel.writeLines("MAIL FROM:<>", recipient(work, user), "BDAT " + lengthBytes(body) + " LAST");
        channel.writeMessage(body);
        expect(channel, DONE);
        return new Replies(channel.readReply(), channel.readReply());
    }

    private static long lengthBytes(MessageBody body) {
        ByteBuf head = body.head();
        long length = head == null ? 0 : head.readableBytes();
        for (int i = 0; i < body.partCount(); i++) {
            length += body.partLengthBytes(i);
        }
        return length;
    }

    private SocketChannel connect(UserIds user) throws IOException {
        return reached(user, connections::connect);
    }

    private static void expect(DeputyChannel channel, int code) throws IOException {
        Reply reply = channel.readReply();
        if (reply.code() != code) {
            throw refused(reply);
        }
    }

    private static IOException refused(Reply reply) {
        EnhancedStatus status = EnhancedStatus.parsePrefix(reply.text());
        String text = reply.text();
        return new IOException(
                status == null
                        ? text
                        : text.substring(status.toString().length()).strip());
    }
}
