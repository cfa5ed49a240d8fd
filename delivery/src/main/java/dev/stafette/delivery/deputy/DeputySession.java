// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxResult;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the service.
 * Thread: its own.
 *
 * <p>LMTP (RFC 2033) with recipients who are what is to be done: {@code XWORK=} and the work as {@link WorkFields}. The reply to
 * the message is the outcome: 250, 450 or 550, an enhanced status, and what there is to say. Lines in front of the last one
 * are warnings for the log.
 *
 * <pre>
 * S: 220 LMTP
 * C: LHLO stafette
 * S: 250-XWORK
 * S: 250-PIPELINING
 * S: 250-CHUNKING
 * S: 250 ENHANCEDSTATUSCODES
 * C: MAIL FROM:&lt;&gt;
 * S: 250 2.1.0 Ok
 * C: RCPT TO:&lt;u&gt; XWORK=work=command&amp;user=u&amp;uid=1000&amp;gid=1000&amp;way0=/usr/bin/procmail&amp;...
 * S: 250 2.1.5 Ok
 * C: BDAT 1234 LAST
 * C: (the message as it is stored)
 * S: 450 4.3.0 temporary failure
 * </pre>
 *
 * <p>Messages for the mailboxes of one user may come together, as recipients of one transaction. Each has its message right
 * behind it, which ends in LAST with the last one alone; then all are delivered, and as LMTP has it there is a reply for each.
 *
 * <pre>
 * C: MAIL FROM:&lt;&gt;
 * S: 250 2.1.0 Ok
 * C: RCPT TO:&lt;u&gt; XWORK=work=maildir&amp;user=u&amp;uid=1000&amp;gid=1000&amp;path=/home/u/Maildir/&amp;...
 * S: 250 2.1.5 Ok
 * C: BDAT 1234
 * S: 250 2.0.0 Ok
 * C: RCPT TO:&lt;u&gt; XWORK=work=maildir&amp;user=u&amp;uid=1000&amp;gid=1000&amp;path=/home/u/Maildir/&amp;...
 * S: 250 2.1.5 Ok
 * C: BDAT 2345 LAST
 * S: 250 2.0.0
 * S: 250 2.0.0
 * </pre>
 *
 * <p>All of a transaction may be said in one go, and many follow each other on a connection. One that has run a program is
 * its last; if the connection ends while the program runs, that is killed.
 *
 * <p>{@code XTALK} in the place of BDAT gives the connection to the program of the work, as its standard input and output.
 *
 * <p>What needs no message is a command of its own, whose reply has the answer as fields: of a user's {@code .forward} first what
 * kind of file it is, and then its text, piece after piece up to a short one, from which the mail process takes the addresses.
 *
 * <pre>
 * C: XWORK work=piece&amp;from=0&amp;path=/home/u/.forward&amp;user=u&amp;uid=1000&amp;gid=1000
 * S: 250 text=u2%40example.org%0A
 * C: XWORK work=facts&amp;path=/home/v/.forward&amp;follow=0&amp;user=v&amp;uid=1001&amp;gid=1001
 * S: 451 failed=missing&amp;file=%2Fhome%2Fv%2F.forward
 * </pre>
 */
final class DeputySession {
    /** A question about a file that the system has not answered; what it has said instead follows, as fields. */
    static final int FILE_FAILED = 451;

    private static final String WORK = " XWORK=";
    private static final String NO_RECIPIENT = "503 5.5.1 RCPT first";
    private static final Pattern BDAT = Pattern.compile("BDAT (\\d{1,18})( LAST)?", Pattern.CASE_INSENSITIVE);

    private final SocketChannel client;
    private final DeputyChannel channel;
    private final DeputyParts parts;
    private final DeputyLetters letters;

    // Owned by the session's thread.
    /** Of the last recipient, whose message has not come. */
    private @Nullable WorkFields work;

    /** A program, with which the connection ends. */
    private boolean hasRun;

    /** Written by the session's thread, read by whoever stops the service: no work is under way. */
    private volatile boolean isIdle;

    DeputySession(SocketChannel client, DeputyParts parts) {
        this.client = client;
        this.channel = new DeputyChannel(client);
        this.parts = parts;
        this.letters = new DeputyLetters(parts);
    }

    /** Returns when the client has gone. */
    void run() throws IOException {
        try (letters) {
            converse();
        }
    }

    private void converse() throws IOException {
        channel.writeLines("220 LMTP");
        while (!hasRun) {
            isIdle = true;
            String line = channel.readLine();
            isIdle = false;
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "LHLO" ->
                    channel.writeLines("250-XWORK", "250-PIPELINING", "250-CHUNKING", "250 ENHANCEDSTATUSCODES");
                case "MAIL", "RSET" -> {
                    work = null;
                    letters.close();
                    channel.writeLines("250 2.1.0 Ok");
                }
                case "RCPT" -> recipient(line);
                case "XTALK" -> {
                    talk();
                    return;
                }
                case "XWORK" -> answer(line.substring(verb.length()).strip());
                case "BDAT" -> message(line);
                case "QUIT" -> {
                    channel.writeLines("221 2.0.0 Bye");
                    channel.flush();
                    return;
                }
                default -> channel.writeLines("500 5.5.1 Command unrecognized");
            }
        }
        channel.flush();
    }

    /** Ends a session that waits for its client. */
    void endIfIdle() throws IOException {
        if (!isIdle) {
            return;
        }
        try {
            client.shutdownInput();
        } catch (ClosedChannelException e) {
            // Its client has gone, and it has ended meanwhile.
            return;
        }
    }

    void close() throws IOException {
        client.close();
    }

    private void recipient(String line) throws IOException {
        int at = line.indexOf(WORK);
        if (at < 0 || work != null) {
            channel.writeLines("550 5.5.4 one recipient with XWORK= is expected");
            return;
        }
        if (letters.count() == LettersWork.COUNT_MAX) {
            channel.writeLines("452 4.5.3 Too many recipients");
            return;
        }
        try {
            WorkFields given = WorkFields.parse(line.substring(at + WORK.length()));
            String refusal = parts.identity().refusal(CommandWork.user(given));
            if (refusal != null) {
                channel.writeLines("550 5.7.0 " + refusal);
                return;
            }
            if (letters.count() > 0 && (isCommand(given) || !letters.isForSame(given))) {
                channel.writeLines("550 5.5.4 a program, or another user, has a transaction of its own");
                return;
            }
            work = given;
            channel.writeLines("250 2.1.5 Ok");
        } catch (IOException e) {
            channel.writeLines("550 5.5.4 " + e.getMessage());
        }
    }

    /** From now on the connection is the program's. */
    private void talk() throws IOException {
        WorkFields given = work;
        if (given == null || !given.text("work").equals(CommandWork.KIND)) {
            channel.writeLines("503 5.5.1 RCPT of a command first");
            channel.flush();
            return;
        }
        CommandOrder order = CommandWork.order(given);
        channel.writeLines("354 Go on");
        channel.flush();
        parts.conversations().converse(order, client);
    }

    private static boolean isCommand(WorkFields given) throws IOException {
        return given.text("work").equals(CommandWork.KIND);
    }

    private void message(String line) throws IOException {
        Matcher matcher = BDAT.matcher(line);
        if (!matcher.matches()) {
            // Without knowing how long a message is, one cannot go on behind it.
            throw new IOException("no message in one piece: " + line);
        }
        long length = Long.parseLong(matcher.group(1));
        if (length > parts.messageBytesMax()) {
            throw new IOException("message longer than " + parts.messageBytesMax() + " bytes");
        }
        boolean isLast = matcher.group(2) != null;
        WorkFields given = work;
        work = null;
        ReceivedBody body = ReceivedBody.read(channel, length, parts.scratch(), parts.memory());
        if (given == null || isCommand(given)) {
            try {
                alone(given, body, isLast);
            } finally {
                body.release();
            }
        } else {
            letters.add(given, body);
        }
        if (!isLast) {
            channel.writeLines(given == null ? NO_RECIPIENT : "250 2.0.0 Ok");
        } else if (letters.count() > 0) {
            deliverLetters();
        }
    }

    /** A message that is no letter. */
    private void alone(@Nullable WorkFields given, ReceivedBody body, boolean isLast) throws IOException {
        if (given == null) {
            if (isLast && letters.count() == 0) {
                channel.writeLines(NO_RECIPIENT);
            }
            return;
        }
        if (!isLast) {
            throw new IOException("a program with more than one message");
        }
        try {
            runCommand(given, body);
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            channel.writeLines("450 4.3.0 " + e.getMessage());
        }
    }

    private void runCommand(WorkFields given, ReceivedBody body) throws IOException {
        CommandOrder order = CommandWork.order(given);
        hasRun = true;
        channel.flush();
        try (ClientWatch watch = new ClientWatch(client)) {
            watch.begin();
            CommandResult result = parts.commands().run(order, body, System.currentTimeMillis());
            watch.checkPresent();
            reply(result);
        }
    }

    private void deliverLetters() throws IOException {
        try {
            for (MailboxResult result : letters.deliver()) {
                reply(result);
            }
        } catch (IOException e) {
            for (int i = letters.count(); i > 0; i--) {
                channel.writeLines("450 4.3.0 " + e.getMessage());
            }
        } finally {
            letters.close();
        }
    }

    private void answer(String line) throws IOException {
        try {
            WorkFields given = WorkFields.parse(line);
            UserIds user = CommandWork.user(given);
            String refusal = parts.identity().refusal(user);
            channel.writeLines(refusal == null ? "250 " + answer(given, user) : "550 5.7.0 " + refusal);
        } catch (IOException e) {
            channel.writeLines(FILE_FAILED + " " + FileAnswer.answer(e));
        }
    }

    private WorkFields answer(WorkFields given, UserIds user) throws IOException {
        return switch (given.text("work")) {
            case FileAnswer.FACTS -> FileAnswer.answer(parts.identity().call(user, FileAnswer.facts(given)));
            case FileAnswer.PIECE -> FileAnswer.answer(parts.identity().call(user, FileAnswer.piece(given)));
            default -> throw new IOException("work of an unknown kind: " + given.text("work"));
        };
    }

    private void reply(CommandResult result) throws IOException {
        int code = result.kind() == Kind.DELIVERED ? 250 : result.kind() == Kind.DEFERRED ? 450 : 550;
        channel.writeLines(code + " " + result.status() + ' ' + result.text());
    }

    private void reply(MailboxResult result) throws IOException {
        int code = result.status().statusClass() * 100 + 50;
        List<String> lines = new ArrayList<>();
        result.warnings().forEach(warning -> lines.add(code + "-" + warning));
        lines.add(code + " " + result.status() + ' ' + result.reason());
        channel.writeLines(lines.toArray(String[]::new));
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
