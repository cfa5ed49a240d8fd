// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.command.CommandResult;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the service.
 * Thread: its own.
 *
 * <p>LMTP (RFC 2033) with one recipient a transaction, who is what is to be done: {@code XWORK=} and the work as
 * {@link WorkFields}. The reply to the message is the outcome: 250, 450 or 550, an enhanced status, and what there is to say.
 * Lines in front of the last one are warnings for the log.
 *
 * <pre>
 * S: 220 LMTP
 * C: LHLO stafette
 * S: 250-XWORK
 * S: 250 ENHANCEDSTATUSCODES
 * C: MAIL FROM:&lt;&gt;
 * S: 250 2.1.0 Ok
 * C: RCPT TO:&lt;u&gt; XWORK=work=command&amp;user=u&amp;uid=1000&amp;gid=1000&amp;way0=/usr/bin/procmail&amp;...
 * S: 250 2.1.5 Ok
 * C: DATA
 * S: 354 Go on
 * C: (the message as it is stored)
 * S: 450 4.3.0 temporary failure
 * </pre>
 */
final class DeputySession {
    private static final String WORK = " XWORK=";

    private final DeputyChannel channel;
    private final DeputyParts parts;

    // Owned by the session's thread.
    private @Nullable WorkFields work;

    DeputySession(DeputyChannel channel, DeputyParts parts) {
        this.channel = channel;
        this.parts = parts;
    }

    /** Returns when the client has gone. */
    void run() throws IOException {
        channel.writeLines("220 LMTP");
        while (true) {
            String line = channel.readLine();
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "LHLO" -> channel.writeLines("250-XWORK", "250 ENHANCEDSTATUSCODES");
                case "MAIL", "RSET" -> {
                    work = null;
                    channel.writeLines("250 2.1.0 Ok");
                }
                case "RCPT" -> recipient(line);
                case "DATA" -> data();
                case "QUIT" -> {
                    channel.writeLines("221 2.0.0 Bye");
                    return;
                }
                default -> channel.writeLines("500 5.5.1 Command unrecognized");
            }
        }
    }

    private void recipient(String line) throws IOException {
        int at = line.indexOf(WORK);
        if (at < 0 || work != null) {
            channel.writeLines("550 5.5.4 one recipient with XWORK= is expected");
            return;
        }
        try {
            WorkFields given = WorkFields.parse(line.substring(at + WORK.length()));
            String refusal = parts.identity().refusal(CommandWork.user(given));
            if (refusal != null) {
                channel.writeLines("550 5.7.0 " + refusal);
                return;
            }
            work = given;
            channel.writeLines("250 2.1.5 Ok");
        } catch (IOException e) {
            channel.writeLines("550 5.5.4 " + e.getMessage());
        }
    }

    private void data() throws IOException {
        WorkFields given = work;
        if (given == null) {
            channel.writeLines("503 5.5.1 RCPT first");
            return;
        }
        work = null;
        channel.writeLines("354 Go on");
        ReceivedBody body = ReceivedBody.read(channel, parts.scratch(), parts.messageBytesMax());
        try {
            reply(run(given, body));
        } catch (IOException e) {
            channel.writeLines("450 4.3.0 " + e.getMessage());
        } finally {
            body.release();
        }
    }

    private CommandResult run(WorkFields given, ReceivedBody body) throws IOException {
        if (!given.text("work").equals(CommandWork.KIND)) {
            throw new IOException("work of an unknown kind: " + given.text("work"));
        }
        return parts.commands().run(CommandWork.order(given), body, System.currentTimeMillis());
    }

    private void reply(CommandResult result) throws IOException {
        int code = switch (result.kind()) {
            case DELIVERED -> 250;
            case DEFERRED -> 450;
            case BOUNCED -> 550;
        };
        channel.writeLines(code + " " + result.status() + ' ' + result.text());
    }

    /** The status at the beginning of a reply's text. */
    static EnhancedStatus status(String text) throws IOException {
        EnhancedStatus status = EnhancedStatus.parsePrefix(text);
        if (status == null) {
            throw new IOException("reply without a status: " + text);
        }
        return status;
    }
}
