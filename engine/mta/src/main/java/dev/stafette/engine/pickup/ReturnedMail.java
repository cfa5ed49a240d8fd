// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dsn.DsnAction;
import dev.stafette.codec.dsn.DsnComposer;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.DsnRecipient;
import dev.stafette.codec.dsn.DsnReport;
import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.BdatDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a report to the sender of what was handed in and refused for good: nobody waits for an answer any more that could
 * be told.
 * Thread: pickup.
 */
final class ReturnedMail {
    /** Of the header that is returned. */
    private static final int HEADER_BYTES_MAX = 64 << 10;

    private static final EnhancedStatus FAILED = EnhancedStatus.of(5, 0, 0);

    private final String hostName;
    private final String mailName;
    private final ReportWording wording;
    private final DsnComposer composer;

    ReturnedMail(String hostName, String origin, String mailName, ReportWording wording, ZoneId zone) {
        this.hostName = hostName;
        this.mailName = mailName;
        this.wording = wording;
        this.composer = new DsnComposer(hostName, origin, mailName, zone);
    }

    /** The way of the report into the queue. {@code reportId}: its queue id. */
    Arrival arrival(Arrival refused, long reportId, long nowMs, long nowNs) {
        Envelope envelope = Envelope.of(
                MailAddress.NULL,
                List.of(new EnvelopeRecipient(refused.envelope().sender())));
        // By ourselves, whoever we run as.
        ReceivedHeader received = ReceivedHeader.ofUser(0, hostName, mailName);
        return new Arrival(
                Entrance.SUBMISSION, reportId, QueueId.format(reportId), nowMs, nowNs, envelope, received, false);
    }

    /** The report in its stored form; the caller releases it. {@code reader} stands before the content. */
    ByteBuf compose(Arrival refused, SmtpReply why, String reportIdText, long nowMs, ContentReader reader)
            throws IOException {
        List<DsnRecipient> recipients = new ArrayList<>();
        EnhancedStatus status = Objects.requireNonNullElse(why.status(), FAILED);
        for (EnvelopeRecipient recipient : refused.envelope().recipients()) {
            recipients.add(new DsnRecipient(
                    DsnAction.FAILED,
                    recipient.address(),
                    recipient.originalRecipient(),
                    recipient.givenAddress(),
                    status,
                    why.text(),
                    null,
                    null));
        }
        DsnReport report = new DsnReport(
                DsnKind.FAILURE,
                reportIdText,
                refused.queueIdText(),
                refused.envelope().sender(),
                refused.envelope().sender(),
                false,
                refused.envelope().envelopeId(),
                refused.arrivalMs(),
                nowMs,
                0,
                refused.envelope().smtpUtf8(),
                recipients);
        ByteBuf returned = header(reader);
        ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(returned.readableBytes() + 4096);
        try {
            composer.compose(report, wording, returned, false, content);
            return content;
        } finally {
            returned.release();
        }
    }

    private static ByteBuf header(ContentReader reader) throws IOException {
        ByteBuf lines = Unpooled.buffer(HEADER_BYTES_MAX);
        reader.read(lines, HEADER_BYTES_MAX);
        ByteBuf stored = Unpooled.buffer(lines.readableBytes() + 64);
        BdatDecoder decoder = new BdatDecoder();
        decoder.begin(lines.readableBytes());
        decoder.decode(lines, stored);
        decoder.finish(stored);
        return stored;
    }
}
