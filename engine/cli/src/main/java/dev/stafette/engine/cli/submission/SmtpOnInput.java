// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommandParser;
import dev.stafette.codec.smtp.SmtpCommandSettings;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.pickup.Handover;
import dev.stafette.engine.pickup.RecordWriter;
import dev.stafette.engine.pickup.SubmissionRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code sendmail -bs}: SMTP on the input and the output, for a program that has no connection to a server. Each message is
 * handed in, so that it works without the mail system, too; who may relay is no question, as whoever can call this may.
 * Thread: main.
 */
final class SmtpOnInput {
    private static final EnhancedStatus OK = EnhancedStatus.of(2, 0, 0);

    /** Of a BDAT whose size is not understood: what comes next may be anything. */
    private static final int UNKNOWN_LENGTH_CODE = SmtpPhrasebook.BDAT_SYNTAX.code();

    private static final SmtpReply NO_PERMISSION =
            SmtpReply.of(550, EnhancedStatus.of(5, 7, 1), "Error: service denied");

    private final Terminal terminal;
    private final SubmissionSettings settings;
    private final StandAloneTerms terms;
    private final SmtpCommandParser parser;
    private final MessageInput in;

    // The transaction.
    private SmtpCommand.@Nullable Mail mail;
    private final List<EnvelopeRecipient> recipients = new ArrayList<>();
    /** Null: no chunk has come. */
    private @Nullable ChunkedSubmission chunked;

    SmtpOnInput(Terminal terminal, SubmissionSettings settings) {
        this.terminal = terminal;
        this.settings = settings;
        this.terms = StandAloneTerms.of(settings);
        int lineBytesMax = settings.main().count("line_length_limit");
        this.parser = new SmtpCommandParser(new SmtpCommandSettings(
                lineBytesMax,
                settings.main().flag("strict_rfc821_envelopes"),
                settings.main().flag("smtputf8_enable"),
                settings.main().flag("strict_smtputf8"),
                terms.hidden(),
                SmtpCommandSettings.DEFAULTS.forbiddenCommands(),
                terms.verp(),
                settings.main().addressAllowances()));
        // A line that fills a piece has gone on for too long.
        this.in = new MessageInput(terminal.in(), lineBytesMax);
    }

    int run() {
        say(SmtpReply.of(220, settings.main().text("smtpd_banner")));
        try {
            boolean goesOn = true;
            while (goesOn && in.next()) {
                goesOn = answer();
            }
            reset();
            return ExitCode.OK;
        } catch (IOException e) {
            return terminal.fatal(SendmailCommand.NAME, ExitCode.TRY_AGAIN, String.valueOf(e));
        }
    }

    private void say(SmtpReply reply) {
        terminal.out().print(reply);
        terminal.out().flush();
    }

    /** Answers the line that was read; false when the session ends. */
    private boolean answer() throws IOException {
        if (in.endsLine()) {
            in.stripCarriageReturns();
        }
        SmtpCommand command = parser.parse(in.bytes(), in.length(), mail != null && mail.smtpUtf8());
        while (!in.endsLine() && in.next()) {
            // What is longer than a line may be is cut off.
        }
        if (command instanceof SmtpCommand.Data) {
            return data();
        }
        if (command instanceof SmtpCommand.Bdat chunk && !terms.hidden().contains("CHUNKING")) {
            return take(chunk);
        }
        say(replyTo(command));
        boolean isLost =
                command instanceof SmtpCommand.BadCommand bad && bad.reply().code() == UNKNOWN_LENGTH_CODE;
        return !(command instanceof SmtpCommand.Quit || command instanceof SmtpCommand.Forbidden || isLost);
    }

    private SmtpReply replyTo(SmtpCommand command) throws IOException {
        if (command instanceof SmtpCommand.Ehlo) {
            reset();
            return SmtpReply.ofLines(250, null, offered());
        }
        if (command instanceof SmtpCommand.Helo) {
            reset();
            return SmtpReply.of(250, settings.main().text("myhostname"));
        }
        if (command instanceof SmtpCommand.Mail asked) {
            return begin(asked);
        }
        if (command instanceof SmtpCommand.Rcpt asked) {
            return add(asked.recipient());
        }
        if (command instanceof SmtpCommand.BadCommand bad) {
            return bad.reply();
        }
        if (command instanceof SmtpCommand.Rset) {
            reset();
            return SmtpPhrasebook.OK;
        }
        if (command instanceof SmtpCommand.Noop) {
            return SmtpPhrasebook.OK;
        }
        if (command instanceof SmtpCommand.Vrfy asked) {
            return SmtpReply.of(252, OK, asked.text());
        }
        if (command instanceof SmtpCommand.Etrn) {
            return mail == null ? SmtpPhrasebook.ETRN_NOT_QUEUED : SmtpPhrasebook.ETRN_IN_TRANSACTION;
        }
        if (command instanceof SmtpCommand.Quit) {
            return SmtpPhrasebook.BYE;
        }
        if (command instanceof SmtpCommand.Forbidden) {
            return SmtpPhrasebook.FORBIDDEN;
        }
        return command instanceof SmtpCommand.Unknown ? SmtpPhrasebook.NOT_RECOGNIZED : SmtpPhrasebook.NOT_IMPLEMENTED;
    }

    private List<String> offered() {
        long bytesMax = settings.messageBytesMax();
        List<String> lines = new ArrayList<>();
        lines.add(settings.main().text("myhostname"));
        for (String keyword : terms.keywords()) {
            lines.add(keyword.equals("SIZE") && bytesMax > 0 ? keyword + " " + bytesMax : keyword);
        }
        return lines;
    }

    private SmtpReply begin(SmtpCommand.Mail asked) {
        if (mail != null) {
            return SmtpPhrasebook.NESTED_MAIL;
        }
        if (chunked != null) {
            return SmtpPhrasebook.MAIL_AFTER_BDAT;
        }
        if (asked.verp() != null && asked.sender().isNull()) {
            return SmtpPhrasebook.VERP_OF_NOBODY;
        }
        long bytesMax = settings.messageBytesMax();
        if (bytesMax > 0 && asked.sizeBytes() > bytesMax) {
            return SmtpPhrasebook.SIZE_LIMIT;
        }
        mail = asked;
        return SmtpPhrasebook.SENDER_OK;
    }

    private SmtpReply add(EnvelopeRecipient recipient) {
        if (mail == null) {
            return SmtpPhrasebook.NEED_MAIL;
        }
        if (chunked != null) {
            return SmtpPhrasebook.RCPT_AFTER_BDAT;
        }
        if (recipients.size() >= settings.main().count("smtpd_recipient_limit")) {
            return SmtpPhrasebook.TOO_MANY_RECIPIENTS;
        }
        recipients.add(recipient);
        return SmtpPhrasebook.RECIPIENT_OK;
    }

    private void reset() throws IOException {
        if (chunked != null) {
            chunked.close();
        }
        chunked = null;
        mail = null;
        recipients.clear();
    }

    private @Nullable SmtpReply misplaced() {
        if (mail == null) {
            return SmtpPhrasebook.NEED_RCPT;
        }
        return recipients.isEmpty() ? SmtpPhrasebook.NO_RECIPIENTS : null;
    }

    /** False when the session ends. */
    private boolean take(SmtpCommand.Bdat chunk) throws IOException {
        SmtpReply refusal = refusal(chunk);
        if (refusal != null) {
            boolean isWhole = drop(chunk.chunkBytes());
            say(refusal);
            if (chunk.last()) {
                reset();
            } else {
                fail();
            }
            return isWhole;
        }
        ChunkedSubmission begun = chunked == null ? beginChunks() : chunked;
        chunked = begun;
        ChunkedContent content = Objects.requireNonNull(begun.content());
        if (!content.take(in, chunk.chunkBytes())) {
            return false;
        }
        if (!chunk.last()) {
            say(SmtpReply.of(250, OK, "Ok: " + chunk.chunkBytes() + " bytes"));
            return true;
        }
        content.end();
        say(end(begun.handover(), right(), content.contentBytes() + " bytes "));
        reset();
        return true;
    }

    private @Nullable SmtpReply refusal(SmtpCommand.Bdat chunk) {
        if (chunk.chunkBytes() == 0 && !chunk.last()) {
            return SmtpPhrasebook.NULL_BDAT;
        }
        ChunkedContent content = chunked == null ? null : chunked.content();
        if (chunked != null && content == null) {
            return SmtpPhrasebook.discarded(chunk.chunkBytes());
        }
        SmtpReply misplaced = misplaced();
        if (misplaced != null) {
            return misplaced;
        }
        long bytesMax = settings.messageBytesMax();
        long before = content == null ? 0 : content.bytes();
        boolean isTooBig = bytesMax > 0 && before > bytesMax - chunk.chunkBytes();
        return isTooBig ? SmtpPhrasebook.CHUNK_TOO_BIG : null;
    }

    /** Chunks that come now are of no message. */
    private void fail() throws IOException {
        if (chunked != null) {
            chunked.close();
        }
        chunked = ChunkedSubmission.FAILED;
    }

    private ChunkedSubmission beginChunks() throws IOException {
        Handover handover = new MaildropWay(terminal, SendmailCommand.NAME, settings).begin();
        RecordWriter records = records(handover);
        envelope(Objects.requireNonNull(mail), records);
        return new ChunkedSubmission(
                handover, new ChunkedContent(records, settings.main().count("line_length_limit")));
    }

    /** False when the input ends before. */
    private boolean drop(long chunkBytes) throws IOException {
        RecordWriter nowhere = records(null);
        return new ChunkedContent(nowhere, settings.main().count("line_length_limit")).take(in, chunkBytes);
    }

    private SenderRight right() {
        return SenderRight.of(settings, unquoted(Objects.requireNonNull(mail).sender()));
    }

    private static RecordWriter records(@Nullable Handover handover) {
        return handover == null
                ? new RecordWriter(Channels.newChannel(OutputStream.nullOutputStream()), 0)
                : handover.records();
    }

    private boolean data() throws IOException {
        SmtpCommand.Mail begun = mail;
        SmtpReply refusal = chunked != null ? SmtpPhrasebook.DATA_AFTER_BDAT : misplaced();
        if (begun == null || refusal != null) {
            say(Objects.requireNonNull(refusal));
            return true;
        }
        say(SmtpPhrasebook.END_DATA);
        try (Handover handover = new MaildropWay(terminal, SendmailCommand.NAME, settings).begin()) {
            RecordWriter records = records(handover);
            envelope(begun, records);
            boolean isWhole = content(records);
            say(isWhole ? end(handover, right(), "") : SmtpPhrasebook.WRITE_ERROR);
            reset();
            return isWhole;
        }
    }

    private void envelope(SmtpCommand.Mail begun, RecordWriter out) throws IOException {
        if (begun.envelopeId() != null) {
            out.put(SubmissionRecord.ATTRIBUTE, "envelope_id=" + begun.envelopeId());
        }
        if (begun.dsnReturn() != DsnReturn.UNSPECIFIED) {
            out.put(SubmissionRecord.ATTRIBUTE, "ret_flags=" + (begun.dsnReturn() == DsnReturn.FULL ? 1 : 2));
        }
        out.put(SubmissionRecord.ATTRIBUTE, "rewrite_context=local");
        out.put(SubmissionRecord.SENDER, unquoted(begun.sender()));
        if (begun.verp() != null) {
            out.put(SubmissionRecord.VERP, begun.verp().toString());
        }
        if (begun.eightBit()) {
            out.put(SubmissionRecord.ATTRIBUTE, "encoding=8bit");
        }
        for (EnvelopeRecipient recipient : recipients) {
            if (recipient.originalRecipient() != null) {
                out.put(SubmissionRecord.ATTRIBUTE, "dsn_orig_rcpt=" + recipient.originalRecipient());
            }
            if (recipient.notifyBits() != DsnNotify.UNSPECIFIED) {
                out.put(SubmissionRecord.ATTRIBUTE, "notify_flags=" + recipient.notifyBits());
            }
            out.put(SubmissionRecord.RECIPIENT, unquoted(recipient.address()));
        }
        out.put(SubmissionRecord.CONTENT, "");
    }

    private static String unquoted(MailAddress address) {
        return address.domain().isEmpty() ? address.localPart() : address.localPart() + '@' + address.domain();
    }

    /** False when the input ends before the message does. */
    private boolean content(RecordWriter out) throws IOException {
        while (in.next()) {
            if (in.endsLine()) {
                in.stripCarriageReturns();
            }
            if (in.isDot()) {
                out.put(SubmissionRecord.EXTRACTED, "");
                out.put(SubmissionRecord.END, "");
                return true;
            }
            boolean isStuffed = in.startsLine() && in.length() > 0 && in.bytes()[0] == '.';
            int from = isStuffed ? 1 : 0;
            out.put(
                    in.endsLine() ? SubmissionRecord.LINE : SubmissionRecord.PIECE,
                    in.bytes(),
                    from,
                    in.length() - from);
        }
        return false;
    }

    /** {@code size}: what is told of it. */
    private static SmtpReply end(@Nullable Handover handover, SenderRight right, String size) {
        if (right.isDenied()) {
            return NO_PERMISSION;
        }
        if (handover == null || right.status() != 0) {
            return SmtpPhrasebook.WRITE_ERROR;
        }
        if (handover.records().isTooBig()) {
            return SmtpPhrasebook.MESSAGE_TOO_BIG;
        }
        try {
            handover.commit();
            return SmtpReply.of(250, OK, "Ok: " + size + "queued as " + handover.id());
        } catch (IOException e) {
            return SmtpPhrasebook.WRITE_ERROR;
        }
    }
}
