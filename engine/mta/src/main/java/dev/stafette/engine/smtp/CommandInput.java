// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpCommandParser;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.engine.table.TableAnswer;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes command lines, and runs what {@link VerbTable} has for each, or for what a filter makes of it.
 * Thread: event loop.
 */
final class CommandInput implements Input {
    private final SmtpServerSession session;
    private final SmtpLineDecoder lines;

    // Owned by the loop: what comes is being taken; borrowed. Null: what there is, the connection has kept.
    private @Nullable ByteBuf taken;

    /** Reads what this client may say: it stays the same as long as what is known of the client does. */
    private SmtpCommandParser parser;

    private ClientStanding parsedFor;

    CommandInput(SmtpServerSession session) {
        this.session = session;
        this.lines =
                new SmtpLineDecoder(session.settings().protocol().commands().lineBytesMax());
        this.parsedFor = session.client().standing();
        this.parser = session.service().parser(parsedFor);
    }

    private SmtpCommandParser parser() {
        ClientStanding standing = session.client().standing();
        if (standing != parsedFor) {
            parsedFor = standing;
            parser = session.service().parser(standing);
        }
        return parser;
    }

    /** One command at most: its reply may change who is next. */
    @Override
    public void take(ByteBuf in) {
        if (lines.decode(in) == SmtpLineDecoder.Result.LINE) {
            taken = in;
            execute();
            taken = null;
        }
    }

    /** What came behind the command. */
    private ByteBuf behind() {
        ByteBuf rest = taken;
        return rest == null ? session.connection().heldInput() : rest;
    }

    private void execute() {
        if (lines.endedByBareLf() && session.client().bareNewline() == BareNewline.REJECT) {
            session.refuseBareLineFeed();
            return;
        }
        if (lines.endedByBareLf() && session.client().bareNewline() == BareNewline.NOTE) {
            session.log().noteBareLineFeed();
        }
        if (lines.isCut()) {
            session.log().commandTooLong(lines);
        }
        SmtpCommand command = parser().parse(lines, isSmtpUtf8());
        SmtpVerb verb = command.verb();
        session.log().transcript().hear(lines, command, verb);
        CommandFilter filter = session.settings().commandFilter();
        boolean isText = !(command instanceof BadCommand bad && bad.reply() == SmtpPhrasebook.BAD_UTF8);
        session.end(filter != null && isText ? filter(filter, command) : act(command, verb));
    }

    private boolean isSmtpUtf8() {
        Transaction transaction = session.transaction();
        return transaction != null && transaction.isSmtpUtf8();
    }

    private Outcome filter(CommandFilter filter, SmtpCommand command) {
        String before = session.state().lastCommand();
        begin(VerbTable.UNKNOWN);
        byte[] line = new byte[lines.length()];
        lines.copyTo(line);
        String text = CommandFilter.text(line, line.length);
        return session.<TableAnswer>ask(inquiry -> filter.find(text, inquiry), answer -> switch (answer.finding()) {
            case NOT_FOUND -> act(command, command.verb());
            case FOUND -> replace(text, answer.value());
            case UNAVAILABLE -> {
                session.log().warning(filter.failed(text));
                yield session.failForData(before);
            }
        });
    }

    private Outcome replace(String text, String other) {
        session.log().info(CommandFilter.replaced(session.client().text(), text, other));
        byte[] line = other.getBytes(StandardCharsets.UTF_8);
        int bytesMax = session.settings().protocol().commands().lineBytesMax();
        byte[] cut = line.length > bytesMax ? Arrays.copyOf(line, bytesMax) : line;
        SmtpCommand instead = parser().parse(cut, cut.length, isSmtpUtf8());
        return act(instead, instead.verb());
    }

    private Outcome act(SmtpCommand command, SmtpVerb verb) {
        if (command instanceof BadCommand bad && isUnreadable(bad.reply())) {
            begin(VerbTable.UNKNOWN);
            return session.refuse(bad.reply());
        }
        if (session.settings().protocol().isNoop(command)) {
            begin(VerbTable.NOOP);
            return session.accept(SmtpPhrasebook.OK);
        }
        VerbTable.Row row = VerbTable.of(verb);
        begin(row);
        return run(row, command);
    }

    private void begin(VerbTable.Row row) {
        session.begin(row.verb(), row.isJunk());
    }

    private Outcome run(VerbTable.Row row, SmtpCommand command) {
        if (command instanceof SmtpCommand.Forbidden forbidden) {
            session.log().nonSmtpCommand(forbidden.text());
            session.replyAndClose(SmtpPhrasebook.FORBIDDEN);
            return Outcome.REFUSED;
        }
        if (session.state().denial() != null && row.verb() != SmtpVerb.QUIT) {
            return session.refuse(
                    session.service().replies().denied(session.client().text()));
        }
        if (session.tls().isDemanded() && !row.isFineBeforeTls()) {
            return session.refuse(SmtpPhrasebook.NEED_TLS);
        }
        if (session.tls().lacksCertificate()) {
            TlsSession tls = session.state().tls();
            session.replyAndClose(session.service().replies().certificateRequired(tls != null && tls.peer() != null));
            return Outcome.REFUSED;
        }
        ByteBuf behind = behind();
        if (behind.isReadable() && mustWait(row)) {
            if (session.settings().protocol().forbidsPipelining()) {
                session.refusePipelining(behind);
                return Outcome.REFUSED;
            }
            session.notePipelining(behind);
        }
        return row.step().run(session, command);
    }

    private static boolean isUnreadable(SmtpReply reply) {
        return reply == SmtpPhrasebook.BAD_UTF8 || reply == SmtpPhrasebook.BAD_SYNTAX;
    }

    /** RFC 2920 §3.1: what the client sends behind this it cannot mean, for it does not know the answer. */
    private boolean mustWait(VerbTable.Row row) {
        return row.endsGroup() || !session.state().hello().isExtended();
    }
}
