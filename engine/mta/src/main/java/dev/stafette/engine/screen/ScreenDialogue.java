// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.smtp.CommandFilter;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a client that gets no session now: takes no mail, and looks at how the client talks.
 * Thread: event loop.
 *
 * <p>A line may end with LF alone, and is noted for it. What is behind a command when that is taken came too early.
 */
final class ScreenDialogue {
    private static final String NOTHING_YET = "CONNECT";
    private static final byte[] NO_BYTES = new byte[0];
    private static final int LINE_BYTES_MIN = 128;

    private final ScreenedConnection connection;
    private final TestProgress tests;
    private final @Nullable SmtpReply lastReply;
    private final ScreenCommands commands;

    // Owned by the loop: the line that has begun.
    private byte[] line = NO_BYTES;
    private int length;
    private int commandCount;
    private String lastCommand = NOTHING_YET;

    /** {@code lastReply}: to the next command but QUIT, whatever it is; null: the client may talk. */
    ScreenDialogue(ScreenedConnection connection, @Nullable SmtpReply lastReply) {
        this.connection = connection;
        this.tests = connection.tests();
        this.lastReply = lastReply;
        this.commands = new ScreenCommands(connection);
    }

    int commandCount() {
        return commandCount;
    }

    /** For the log. */
    String lastCommand() {
        return lastCommand;
    }

    /** Takes all that is there; borrowed. Returns the last reply, if that is the end of it. */
    @Nullable
    SmtpReply take(ByteBuf in) {
        SmtpReply last = null;
        while (last == null && in.isReadable() && !connection.isHandshaking()) {
            int lineFeed = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            int count = lineFeed < 0 ? in.readableBytes() : lineFeed + 1 - in.readerIndex();
            if (length + count > connection.settings().limits().lineBytes()) {
                connection.log().limitReached(connection.client(), "LENGTH", lastCommand);
                return connection.settings().replies().tryLater;
            }
            gather(in, count);
            last = lineFeed < 0 ? null : onLine(in);
        }
        if (connection.isHandshaking()) {
            // It came in the clear behind STARTTLS: anybody on the way could have put it there (CVE-2011-0411).
            in.skipBytes(in.readableBytes());
        }
        return last;
    }

    private void gather(ByteBuf in, int count) {
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(LINE_BYTES_MIN, Math.max(length + count, line.length * 2)));
        }
        in.readBytes(line, length, count);
        length += count;
    }

    /** {@code behind}: what came with the line, and is not it. */
    private @Nullable SmtpReply onLine(ByteBuf behind) {
        boolean endsWithCr = length > 1 && line[length - 2] == '\r';
        byte[] content = Arrays.copyOf(line, endsWithCr ? length - 2 : length - 1);
        // Nothing is kept between two commands.
        line = NO_BYTES;
        length = 0;
        if (!endsWithCr && isTested(ScreenTest.BARE_NEWLINE)) {
            connection.log().bareNewline(connection.client(), content);
            if (isDropped(ScreenTest.BARE_NEWLINE)) {
                return ScreenReplies.PROTOCOL_DROP;
            }
        }
        return onCommand(new ScreenLine(filtered(content)), behind);
    }

    /** A line does not wait: of tables, those that a server has are not asked. */
    private byte[] filtered(byte[] content) {
        CommandFilter filter = connection.settings().commandFilter();
        if (filter == null) {
            return content;
        }
        String text = CommandFilter.text(content, content.length);
        TableAnswer answer = filter.find(text, Inquiry.AT_ONCE);
        if (answer.isUnavailable()) {
            connection.log().warning(filter.failed(text));
        }
        if (!answer.isFound()) {
            return content;
        }
        connection.log().replaced(connection.client(), text, answer.value());
        return answer.value().getBytes(StandardCharsets.UTF_8);
    }

    /** TLS has begun. */
    void forget() {
        commands.forget();
    }

    private @Nullable SmtpReply onCommand(ScreenLine command, ByteBuf behind) {
        String before = lastCommand;
        ScreenVerb verb = ScreenVerb.of(command.word());
        lastCommand = verb.text();
        commandCount++;
        if (lastReply != null && verb != ScreenVerb.QUIT) {
            return lastReply;
        }
        if (verb == ScreenVerb.UNKNOWN && isTested(ScreenTest.NON_SMTP_COMMAND) && isOfAnotherProtocol(command)) {
            connection.log().nonSmtpCommand(connection.client(), before, command.wordBytes(), command.restBytes());
            if (isDropped(ScreenTest.NON_SMTP_COMMAND)) {
                return ScreenReplies.NON_SMTP_DROP;
            }
        }
        if (behind.isReadable() && verb != ScreenVerb.BDAT && isTested(ScreenTest.PIPELINING)) {
            byte[] early = new byte[behind.readableBytes()];
            behind.getBytes(behind.readerIndex(), early);
            connection.log().pipelined(connection.client(), command.wordBytes(), early);
            if (isDropped(ScreenTest.PIPELINING)) {
                return ScreenReplies.PROTOCOL_DROP;
            }
        }
        if (verb == ScreenVerb.RCPT) {
            // So far it must come, and what it does later it can still fail for.
            passUnlessDecided(ScreenTest.BARE_NEWLINE);
            passUnlessDecided(ScreenTest.NON_SMTP_COMMAND);
            passUnlessDecided(ScreenTest.PIPELINING);
        }
        if (commandCount > connection.settings().limits().commands() && verb != ScreenVerb.QUIT) {
            connection.log().limitReached(connection.client(), "COUNT", before);
            return connection.settings().replies().tryLater;
        }
        return commands.run(verb, command);
    }

    private boolean isOfAnotherProtocol(ScreenLine command) {
        ScreenSettings.Protocol protocol = connection.settings().protocol();
        return command.isHeader() || protocol.smtpUtf8() && !command.isUtf8() || protocol.forbids(command.word());
    }

    private boolean isTested(ScreenTest test) {
        return tests.isDue(test) && !tests.isDecided(test);
    }

    private void passUnlessDecided(ScreenTest test) {
        if (tests.isDue(test) && !tests.hasPassed(test) && !tests.hasFailed(test)) {
            connection.pass(test, connection.settings().tests().seconds(test));
        }
    }

    /** The client fails the test: true, if it is disconnected for that. */
    private boolean isDropped(ScreenTest test) {
        TestRules rules = connection.settings().tests();
        connection.fail(test);
        switch (rules.action(test)) {
            case DROP -> {
                return true;
            }
            case ENFORCE -> connection.refuse(ScreenReplies.PROTOCOL);
            case IGNORE -> {
                tests.forgive(test);
                connection.pass(test, rules.secondsMin());
            }
        }
        return false;
    }
}
