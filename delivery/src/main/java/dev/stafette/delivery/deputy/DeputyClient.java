// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.deputy.DeputyChannel.Reply;
import dev.stafette.delivery.identity.UserIds;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Has works done by the delivery service, each over a connection of its own.
 * Thread: any; it waits for the service.
 */
public final class DeputyClient implements CommandRunner {
    private static final int GO_ON = 354;
    private static final int DONE = 250;
    private static final int NOT_NOW = 450;

    private final Path socket;

    public DeputyClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
        try {
            Reply reply = ask(CommandWork.of(order), order.user(), body);
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

    /** The reply to the message; what comes before it is an IOException. */
    private Reply ask(WorkFields work, UserIds user, MessageBody body) throws IOException {
        try (SocketChannel connection = connect(user)) {
            DeputyChannel channel = new DeputyChannel(connection);
            expect(channel, 220);
            channel.writeLines("LHLO stafette", "MAIL FROM:<>", "RCPT TO:<" + user.name() + "> XWORK=" + work, "DATA");
            expect(channel, DONE);
            expect(channel, DONE);
            expect(channel, DONE);
            expect(channel, GO_ON);
            send(body, connection);
            return channel.readReply();
        }
    }

    private SocketChannel connect(UserIds user) throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot act as user " + user.name() + " (uid " + user.uid() + "): delivery service " + socket + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static void expect(DeputyChannel channel, int code) throws IOException {
        Reply reply = channel.readReply();
        if (reply.code() != code) {
            EnhancedStatus status = EnhancedStatus.parsePrefix(reply.text());
            String text = reply.text();
            throw new IOException(
                    status == null
                            ? text
                            : text.substring(status.toString().length()).strip());
        }
    }

    private static void send(MessageBody body, SocketChannel to) throws IOException {
        ByteBuf head = body.head();
        if (head != null) {
            ByteBuffer bytes = head.nioBuffer();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
        for (int i = 0; i < body.partCount(); i++) {
            FileChannel file = body.partChannel(i);
            long position = body.partPosition(i);
            long end = position + body.partLengthBytes(i);
            while (position < end) {
                long count = file.transferTo(position, end - position, to);
                if (count <= 0) {
                    throw new EOFException("message file ends at " + position);
                }
                position += count;
            }
        }
    }
}
