// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chunk of content (RFC 3030 §2). The data of a rejected chunk is discarded, so that client and server stay
 * in step, and so are the chunks behind it, up to the last one or RSET.
 * Thread: event loop.
 */
final class BdatStep implements VerbStep {
    private static final SmtpReply DISABLED =
            SmtpReply.of(521, EnhancedStatus.of(5, 5, 1), "Error: command not implemented");

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        if (session.client().standing().hidden().contains("CHUNKING")) {
            return session.refuse(DISABLED);
        }
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        SmtpCommand.Bdat bdat = (SmtpCommand.Bdat) command;
        ContentReceiver content = MessageExchange.contentOf(session);
        SmtpReply refusal = refusal(session, content, bdat);
        if (refusal != null) {
            return skip(session, content, bdat, refusal);
        }
        Transaction transaction = session.transaction();
        if (content.isChunked() || transaction == null) {
            return begin(session, content, bdat);
        }
        return DataStep.judge(
                session,
                transaction,
                "BDAT",
                () -> begin(session, content, bdat),
                refused -> skip(session, content, bdat, refused));
    }

    private static Outcome begin(SmtpServerSession session, ContentReceiver content, SmtpCommand.Bdat bdat) {
        content.beginChunk(bdat.chunkBytes(), bdat.last());
        session.awaitContent(content);
        return Outcome.PENDING;
    }

    private static Outcome skip(
            SmtpServerSession session, ContentReceiver content, SmtpCommand.Bdat bdat, SmtpReply refusal) {
        content.beginSkip(bdat.chunkBytes(), bdat.last(), refusal);
        session.awaitContent(content);
        return Outcome.PENDING;
    }

    private static @Nullable SmtpReply refusal(
            SmtpServerSession session, ContentReceiver content, SmtpCommand.Bdat bdat) {
        if (bdat.chunkBytes() == 0 && !bdat.last()) {
            return SmtpPhrasebook.NULL_BDAT;
        }
        if (content.isSkipping()) {
            return SmtpPhrasebook.discarded(bdat.chunkBytes());
        }
        if (!content.isChunked()) {
            SmtpReply misplaced = DataStep.misplaced(session.transaction());
            if (misplaced != null) {
                return misplaced;
            }
        }
        long sizeBytesMax = session.settings().limits().messageBytes();
        boolean tooBig = sizeBytesMax > 0 && content.contentBytes() > sizeBytesMax - bdat.chunkBytes();
        return tooBig ? SmtpPhrasebook.CHUNK_TOO_BIG : null;
    }
}
