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
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.RecipientReport;
import dev.stafette.engine.queue.ReportSource;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.BodyRef;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes reports to senders, which come into the queue as all mail does.
 * Thread: {@link #report} is for the queue agent; a worker writes, and the event loop of its intake hands over.
 */
public final class Bouncer implements ReportSource {
    /** Of the original, when only its header is returned: more header than this is cut. */
    private static final int HEADER_BYTES_MAX = 64 << 10;

    /** Of reports in memory. */
    public static final long BODY_BYTES_MAX = 8 << 20;

    private final Executor workers;

    /** Where reports come in. */
    public record Way(IntakeLoop loop, Supplier<IntakeSettings> settings, MailLog log) {}

    /** Set before the queue agent starts. */
    private @Nullable Way way;

    /** Written at start and reload, read by the workers. */
    private volatile BounceSettings settings;

    public Bouncer(BounceSettings settings, Executor workers) {
        this.settings = settings;
        this.workers = workers;
    }

    /** Before the queue agent starts, which opens after those who report to it. */
    public void open(Way opened) {
        way = opened;
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
        Way into = way();
        long reportId = into.loop().queue().nextQueueId(nowMs);
        String reportIdText = QueueId.format(reportId);
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
        ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(returned.readableBytes() + 4096);
        DsnReport report = new DsnReport(
                kind,
                reportIdText,
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
        Arrival arrival = Arrival.ofReport(reportId, reportIdText, nowMs, System.nanoTime(), envelope, settles);
        int flags = message.body().flags() & BodyRef.LONG_LINES | (eightBit ? BodyRef.EIGHT_BIT : 0);
        ReportListener listener = refusal -> onEnd.onReport(refusal == null ? reportId : QueueId.NONE);
        MessageIntake intake = new MessageIntake(into.loop(), into.settings().get(), arrival, listener, into.log());
        into.loop().execute(() -> {
            intake.room(content.readableBytes()).writeBytes(content);
            content.release();
            intake.end(flags);
        });
    }

    private Way way() {
        Way known = way;
        if (known == null) {
            throw new IllegalStateException("a report before there is a way into the queue");
        }
        return known;
    }

    /** A report is written before it is handed over: it never waits for room. */
    private interface ReportListener extends IntakeListener {
        @Override
        default void onRoom() {}
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
}
