// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dsn.DsnComposer;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.DsnRecipient;
import dev.stafette.codec.dsn.DsnReport;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.RecipientReport;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the letters about one message, for which it reads of the message what they return.
 * Thread: worker.
 */
final class ReportWriter {
    /** Of the original, when only its header is returned: more header than this is cut. */
    private static final int HEADER_BYTES_MAX = 64 << 10;

    private final BounceSettings settings;
    private final Spool spool;
    private final ActiveMessage message;
    private final Envelope original;

    ReportWriter(BounceSettings settings, Spool spool, ActiveMessage message) {
        this.settings = settings;
        this.spool = spool;
        this.message = message;
        this.original = message.envelope();
    }

    WrittenReport write(Letter letter, long queueId, long nowMs) {
        NoticeClass notice = letter.notice();
        MailAddress reader = notice == null
                ? sender(letter)
                : settings.notices().reader(notice).address();
        boolean whole = letter.returnsWhole()
                // RFC 8689 §5: as if RET=HDRS had been said.
                && original.tls() != TlsDemand.REQUIRED
                && message.body().sizeBytes() <= settings.bounceSizeLimitBytes();
        DsnReport report = new DsnReport(
                letter.kind(),
                QueueId.format(queueId),
                message.queueIdText(),
                original.sender(),
                reader,
                notice != null,
                original.envelopeId(),
                message.arrivalMs(),
                nowMs,
                message.arrivalMs() + settings.queueLifetimeMs(),
                // An address of ASCII may lie behind a server that knows no SMTPUTF8: the report must get there.
                original.smtpUtf8() && !reader.isAscii(),
                recipients(letter.reports()));
        ByteBuf returned = read(spool, message.body(), whole);
        ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(returned.readableBytes() + 4096);
        boolean eightBit;
        try {
            eightBit = new DsnComposer(
                            settings.hostName(), settings.origin(), settings.mailName(), ZoneId.systemDefault())
                    .compose(report, settings.wording(letter.kind()), returned, whole, content);
        } finally {
            returned.release();
        }
        Envelope envelope = notice == null
                ? toSender(reader, eightBit, report.smtpUtf8())
                : settings.notices().envelope(notice, eightBit, report.smtpUtf8());
        int flags = message.body().flags() & BodyRef.LONG_LINES | (eightBit ? BodyRef.EIGHT_BIT : 0);
        return new WrittenReport(letter, queueId, nowMs, envelope.withTls(tls()), content, flags);
    }

    /** What has no body any more may go back by a way that knows no REQUIRETLS, where main.cf lets it. */
    private TlsDemand tls() {
        return original.tls() == TlsDemand.REQUIRED && settings.redactsRequireTls() ? TlsDemand.NONE : original.tls();
    }

    /** Only failures are told of one by one, each to the address that names its recipient. */
    private MailAddress sender(Letter letter) {
        boolean isForOne = letter.notice() == null
                && letter.kind() == DsnKind.FAILURE
                && letter.reports().size() == 1
                && settings.verpBounces();
        ReturnAddress sealed = ReturnAddress.parse(original.sender());
        if (sealed != null) {
            // What is told here has been told to the event log.
            return sealed.original();
        }
        return isForOne ? original.senderFor(letter.reports().get(0).recipient()) : original.sender();
    }

    private static Envelope toSender(MailAddress sender, boolean eightBit, boolean smtpUtf8) {
        return new Envelope(
                MailAddress.NULL,
                eightBit,
                smtpUtf8,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                null,
                List.of(new EnvelopeRecipient(sender)));
    }

    private static List<DsnRecipient> recipients(List<RecipientReport> reports) {
        List<DsnRecipient> all = new ArrayList<>(reports.size());
        for (RecipientReport one : reports) {
            all.add(new DsnRecipient(
                    one.action(),
                    one.recipient().address(),
                    one.recipient().originalRecipient(),
                    one.recipient().givenAddress(),
                    one.status(),
                    one.text(),
                    one.remoteMta(),
                    one.diagnostic()));
        }
        return all;
    }

    /** The stored form of the original, whole or what holds its header; empty when it cannot be read. */
    private static ByteBuf read(Spool spool, BodyRef body, boolean whole) {
        int length = whole ? (int) body.sizeBytes() + 3 : Math.min(body.contentBytes(0), HEADER_BYTES_MAX);
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(length);
        try (BodySlice slice = spool.openBody(body)) {
            for (int i = 0; i < slice.partCount() && buf.readableBytes() < length; i++) {
                int part = Math.min(slice.lengthBytes(i), length - buf.readableBytes());
                long position = slice.position(i);
                while (part > 0) {
                    int read = buf.writeBytes(slice.channel(i), position, part);
                    if (read <= 0) {
                        break;
                    }
                    part -= read;
                    position += read;
                }
            }
            return buf;
        } catch (IOException | StorageException e) {
            // The report matters more than what it returns.
            buf.release();
            return Unpooled.EMPTY_BUFFER;
        }
    }
}
