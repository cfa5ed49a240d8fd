// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.queue.ActiveMessage;
import dev.stafette.engine.queue.RecipientReport;
import dev.stafette.engine.queue.ReportSource;
import dev.stafette.storage.Spool;
import dev.stafette.storage.format.TakenOver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes reports to senders and to the postmaster, which come into the queue as all mail does. The postmaster's copy follows
 * when the sender's report is there: if the process ends between the two, there is no copy.
 * Thread: {@link #report} is for the queue agent; a worker writes, and the event loop of its intake hands over.
 */
public final class Bouncer implements ReportSource {
    /** Of reports in memory. */
    public static final long BODY_BYTES_MAX = 8 << 20;

    private final Executor workers;

    /** Where reports come in. */
    public record Way(IntakeLoop loop, Supplier<IntakeSettings> settings, MailLog log) {}

    /** Set before the queue agent starts. */
    private @Nullable Way way;

    /** Written at start and reload, read by queue agent and workers. */
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
    public boolean tellsOneByOne(Envelope envelope) {
        return envelope.verp() != null && settings.verpBounces();
    }

    @Override
    public boolean report(
            Spool spool, ActiveMessage message, List<RecipientReport> reports, TakenOver settles, ReportEnd onEnd) {
        BounceSettings now = settings;
        Envelope envelope = message.envelope();
        boolean isUnread = now.unread().test(envelope.sender());
        List<Letter> letters = Letter.of(isUnread ? envelope.from(MailAddress.NULL) : envelope, reports, now.notices());
        if (letters.isEmpty()) {
            DsnKind kind = reports.get(0).kind();
            boolean isAboutNotice = kind == DsnKind.FAILURE || kind == DsnKind.DELAY;
            if (isAboutNotice && now.notices().isNotice(message.envelope().sender())) {
                way().log().noticeDiscarded(message.queueIdText());
            }
            return false;
        }
        workers.execute(() -> write(new ReportWriter(now, spool, message), message, letters, settles, onEnd));
        return true;
    }

    private void write(
            ReportWriter writer, ActiveMessage message, List<Letter> letters, TakenOver settles, ReportEnd onEnd) {
        long nowMs = System.currentTimeMillis();
        Way into = way();
        List<WrittenReport> written = new ArrayList<>(letters.size());
        for (Letter letter : letters) {
            written.add(writer.write(letter, into.loop().queue().nextQueueId(nowMs), nowMs));
        }
        WrittenReport first = written.get(0);
        if (first.letter().isCopy()) {
            handOverCopy(first, message);
            onEnd.onReport(NOBODY_TO_TELL);
            return;
        }
        WrittenReport copy = written.size() > 1 ? written.get(1) : null;
        handOver(first, settles, isStored -> {
            onEnd.onReport(isStored ? first.queueId() : NOT_STORED);
            if (copy != null && isStored) {
                handOverCopy(copy, message);
            } else if (copy != null) {
                // It is written again, too.
                copy.content().release();
            }
        });
    }

    /** What becomes of it delays nobody. */
    private void handOverCopy(WrittenReport copy, ActiveMessage message) {
        MailLog log = way().log();
        handOver(copy, null, isStored -> {
            if (isStored) {
                log.postmasterNotified(message.queueIdText(), copy.letter().kind(), copy.queueIdText());
            } else {
                log.warning("bounce", message.queueIdText() + ": postmaster notice failed");
            }
        });
    }

    private void handOver(WrittenReport report, @Nullable TakenOver settles, ReportListener listener) {
        Way into = way();
        Arrival arrival = Arrival.ofReport(
                report.queueId(), report.queueIdText(), report.nowMs(), System.nanoTime(), report.envelope(), settles);
        MessageIntake intake = new MessageIntake(into.loop(), into.settings().get(), arrival, listener, into.log());
        into.loop().execute(() -> {
            intake.room(report.content().readableBytes()).writeBytes(report.content());
            report.content().release();
            intake.end(report.bodyFlags());
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
        void onStored(boolean isStored);

        @Override
        default void onEnd(@Nullable SmtpReply refusal) {
            onStored(refusal == null);
        }

        @Override
        default void onRoom() {}
    }
}
