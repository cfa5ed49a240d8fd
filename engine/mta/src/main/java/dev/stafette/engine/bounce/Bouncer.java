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
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.QueueCommand;
import dev.stafette.engine.queue.QueueInbox;
import dev.stafette.engine.queue.RecipientReport;
import dev.stafette.engine.queue.ReportSource;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Writes reports to senders and puts them into the queue.
 * Thread: {@link #report} is for the queue agent, the work is done by a worker.
 */
public final class Bouncer implements ReportSource {
    /** Of the original, when only its header is returned: more header than this is cut. */
    private static final int HEADER_BYTES_MAX = 64 << 10;

    private static final int PREFIX_BYTES = 512;

    private final QueueInbox inbox;
    private final QueueId.Source queueIds;
    private final Executor workers;

    /** Written at start and reload, read by the workers. */
    private volatile BounceSettings settings;

    public Bouncer(BounceSettings settings, QueueInbox inbox, QueueId.Source queueIds, Executor workers) {
        this.settings = settings;
        this.inbox = inbox;
        this.queueIds = queueIds;
        this.workers = workers;
    }

    /** For the reports that are begun from now on. */
    public void reload(BounceSettings changed) {
        settings = changed;
    }

    @Override
    public void report(
            Spool spool, ActiveMessage message, List<RecipientReport> reports, TakenOver settles, ReportEnd onEnd) {
        workers.execute(() -> write(spool, message, reports, settles, onEnd));
    }

    private void write(
            Spool spool, ActiveMessage message, List<RecipientReport> reports, TakenOver settles, ReportEnd onEnd) {
        BounceSettings settings = this.settings;
        long nowMs = System.currentTimeMillis();
        long reportId = queueIds.next(nowMs * 1000);
        Envelope original = message.envelope();
        DsnKind kind = reports.get(0).kind();
        // Only failures are told of one by one, each to the address that names its recipient.
        MailAddress sender =
                kind == DsnKind.FAILURE ? original.senderFor(reports.get(0).recipient()) : original.sender();
        // RFC 3461 §4.3: RET is about failures; everything else returns the header.
        boolean whole = kind == DsnKind.FAILURE
                && original.dsnReturn() != DsnReturn.HDRS
                && message.body().sizeBytes() <= settings.bounceSizeLimitBytes();
        ByteBuf returned = read(spool, message.body(), whole);
        ByteBuf prefix = PooledByteBufAllocator.DEFAULT.directBuffer(PREFIX_BYTES);
        ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(returned.readableBytes() + 4096);
        DsnReport report = new DsnReport(
                kind,
                QueueId.format(reportId),
                message.queueIdText(),
                sender,
                original.envelopeId(),
                message.arrivalMs(),
                nowMs,
                message.arrivalMs() + settings.queueLifetimeMs(),
                // An address of ASCII may lie behind a server that knows no SMTPUTF8: the report must get there.
                original.smtpUtf8() && !sender.isAscii(),
                recipients(reports));
        boolean eightBit;
        try {
            eightBit = new DsnComposer(settings.hostName(), ZoneId.systemDefault())
                    .compose(report, settings.wording(kind), returned, whole, content);
        } finally {
            returned.release();
        }
        Envelope envelope = new Envelope(
                MailAddress.NULL,
                eightBit,
                report.smtpUtf8(),
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                null,
                List.of(new EnvelopeRecipient(sender)));
        int headerBytes = ExtentFormat.begin(prefix, reportId, 0, envelope, nowMs);
        int flags = message.body().flags() & BodyRef.LONG_LINES | (eightBit ? BodyRef.EIGHT_BIT : 0);
        ExtentFormat.finish(prefix, content, headerBytes, flags | ExtentFormat.LAST);
        Waiting waiting = new Waiting(workers, reportId, onEnd);
        inbox.offerPatiently(new QueueCommand.Accepted(
                new IncomingMessage(reportId, nowMs, System.nanoTime(), envelope, flags, settles, waiting),
                new IncomingExtent(reportId, 0, prefix, content, headerBytes, true, waiting),
                null));
    }

    private static List<DsnRecipient> recipients(List<RecipientReport> reports) {
        List<DsnRecipient> all = new ArrayList<>(reports.size());
        for (RecipientReport one : reports) {
            all.add(new DsnRecipient(
                    one.action(),
                    one.recipient().address(),
                    one.recipient().originalRecipient(),
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

    /** The report's own commit: no session waits, the original message does. */
    private record Waiting(Executor owner, long reportId, ReportEnd onEnd) implements CommitListener {
        @Override
        public void onCommitted(CommitResult result) {
            onEnd.onReport(result == CommitResult.DURABLE ? reportId : QueueId.NONE);
        }
    }
}
