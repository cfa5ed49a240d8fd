// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.delivery.tls.TlsSession;
import io.netty.buffer.ByteBuf;

/**
 * Takes command lines, and runs what {@link VerbTable} has for each.
 * Thread: event loop.
 */
final class CommandInput implements Input {
    private final SmtpServerSession session;
    private final SmtpLineDecoder lines;

    CommandInput(SmtpServerSession session) {
        this.session = session;
        this.lines =
                new SmtpLineDecoder(session.settings().protocol().commands().lineBytesMax());
    }

    /** One command at most: its reply may change who is next. */
    @Override
    public void take(ByteBuf in) {
        if (lines.decode(in) == SmtpLineDecoder.Result.LINE) {
            execute(in);
        }
    }

    private void execute(ByteBuf behind) {
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
        Transaction transaction = session.transaction();
        SmtpCommand command = session.service()
                .parser(session.client().mayVerp())
                .parse(lines, transaction != null && transaction.isSmtpUtf8());
        session.log().transcript().hear(lines, command);
        if (command instanceof BadCommand bad && isUnreadable(bad.reply())) {
            begin(VerbTable.UNKNOWN);
            session.end(session.refuse(bad.reply()));
        } else if (session.settings().protocol().isNoop(command)) {
            begin(VerbTable.NOOP);
            session.end(session.accept(SmtpPhrasebook.OK));
        } else {
            VerbTable.Row row = VerbTable.of(command.verb());
            begin(row);
            session.end(run(row, command, behind));
        }
    }

    private void begin(VerbTable.Row row) {
        session.begin(row.verb(), row.isJunk());
    }

    private Outcome run(VerbTable.Row row, SmtpCommand command, ByteBuf behind) {
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
