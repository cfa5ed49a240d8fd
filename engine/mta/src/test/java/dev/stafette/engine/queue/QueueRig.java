// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.bounce.BounceSettings;
import dev.stafette.engine.bounce.Bouncer;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.intake.InboxIntake;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.CommitListener;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.IncomingExtent;
import dev.stafette.storage.IncomingMessage;
import dev.stafette.storage.Spool;
import dev.stafette.storage.StorageSettings;
import dev.stafette.storage.format.ExtentFormat;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue agent whose cycles are run by the test. */
final class QueueRig implements AutoCloseable {
    private static final long CYCLE_NS = 1_000_000;
    /** Under way at a time. */
    private static final int OFFERS_MAX = 1000;

    private static final long WAIT_NS_MAX = 60_000_000_000L;

    /** What happened, in words. */
    final List<String> events = new ArrayList<>();

    final FakeTransport transport;
    private final KeptLog log = new KeptLog();
    private final AtomicLong aheadNs;
    private final QueueInbox inbox = new QueueInbox();
    private final QueueId.Source ids = new QueueId.Source(0, QueueId.NONE);
    private final Scheduler scheduler;
    private final Spool spool;
    private final QueueAgent agent;

    /** What a test may change before the agent starts. */
    static final class Options {
        SchedulerSettings scheduling = SchedulerSettings.DEFAULTS;
        Duration delayWarning = Duration.ZERO;
        NoticeSettings notices = NoticeSettings.none("mx.test");
        boolean verpBounces = true;
        boolean redactsRequireTls = true;
        /** Who writes reports. */
        Executor workers = Runnable::run;

        /** Who reads messages back. */
        Executor reading = Runnable::run;

        RouteResolver routes = new TestRoutes();

        int probesMax = 10;

        /** What is looked for in reports. */
        @Nullable
        ContentRules checks;
    }

    /** {@code aheadNs}: how far the rig's time is ahead of the machine's; it goes on over restarts. */
    QueueRig(Path directory, AtomicLong aheadNs, FakeTransport transport, Options options) {
        this.aheadNs = aheadNs;
        this.transport = transport;
        QueueClock clock = new QueueClock(this::nanoTime, this::epochMs);
        Bouncer bouncer = new Bouncer(
                new BounceSettings(
                        "mx.test",
                        "mx.test",
                        "Stafette",
                        50_000,
                        Duration.ofDays(5).toMillis(),
                        options.verpBounces,
                        options.notices,
                        wordings(),
                        options.redactsRequireTls,
                        sender -> false),
                options.workers);
        agent = QueueAgent.open(
                new QueueParts(
                        inbox,
                        new StorageSettings(directory, 4 << 20, 256L << 20, 2 << 20, 1 << 20, 0),
                        options.scheduling,
                        options.routes,
                        Map.of("smtp", transport),
                        options.reading,
                        bouncer,
                        new Events(),
                        new Probed(),
                        new QueueRules(
                                service -> false,
                                options.delayWarning.toNanos(),
                                options.notices.tellsOf(NoticeClass.DELAY),
                                options.probesMax)),
                clock,
                1,
                broken -> {
                    throw new IllegalStateException(broken);
                });
        spool = agent.spool();
        scheduler = agent.state().scheduler();
        ids.startAbove(spool.greatestQueueId());
        IntakeLoop intake = new IntakeLoop(
                new RigLoop(options.workers),
                PooledByteBufAllocator.DEFAULT,
                intakeQueue(),
                ZoneOffset.UTC,
                Bouncer.BODY_BYTES_MAX);
        bouncer.open(new Bouncer.Way(intake, () -> intakeSettings(options.checks), log.log()));
        agent.begin();
    }

    private static IntakeSettings intakeSettings(@Nullable ContentRules checks) {
        IntakeSettings plain = new IntakeSettings("mx.test", 50, 0);
        return new IntakeSettings(
                plain.hostName(),
                plain.mailName(),
                plain.hopCountMax(),
                plain.headerBytesMax(),
                plain.addresses(),
                plain.fromIsObsolete(),
                plain.dropped(),
                plain.completesAll(),
                plain.undisclosed(),
                plain.detectsSmtpUtf8(),
                plain.contentFilter(),
                checks,
                plain.milterChecks(),
                plain.keepsOrigin(),
                plain.steps());
    }

    private static Map<DsnKind, ReportWording> wordings() {
        Map<DsnKind, ReportWording> wordings = new EnumMap<>(DsnKind.class);
        for (DsnKind kind : DsnKind.values()) {
            wordings.put(
                    kind, new ReportWording("MAILER-DAEMON", "Report: " + kind, "Copy: " + kind, List.of("Read on.")));
        }
        return wordings;
    }

    private long nanoTime() {
        return System.nanoTime() + aheadNs.get();
    }

    private long epochMs() {
        return System.currentTimeMillis() + aheadNs.get() / 1_000_000;
    }

    /** Where mail comes in. */
    InboxIntake intakeQueue() {
        return new InboxIntake(inbox, agent, ids);
    }

    /** Queues a message; returns its id when it is on disk and in the index. */
    String accept(Envelope envelope, String content) {
        return accept(envelope, content, null);
    }

    /** {@code takesOver}: from an older message. */
    String accept(Envelope envelope, String content, @Nullable TakenOver takesOver) {
        long id = offer(envelope, content, takesOver);
        runUntil("accepted", () -> scheduler.view().slotOf(id) != Scheduler.NONE);
        return QueueId.format(id);
    }

    /** Queues so many that are alike, for the price of a few syncs. */
    List<String> accept(int count, Envelope envelope, String content) {
        List<String> accepted = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            long id = offer(envelope, content, null);
            accepted.add(QueueId.format(id));
            if (i % OFFERS_MAX == 0 || i == count) {
                runUntil("accepted", () -> scheduler.view().slotOf(id) != Scheduler.NONE);
            }
        }
        return accepted;
    }

    /** Of the messages that are accepted from now on. */
    int bodyFlags;

    /** Does not wait for it. */
    long offer(Envelope envelope, String content, @Nullable TakenOver takesOver) {
        long id = ids.next(epochMs() * 1000);
        ByteBuf prefix = PooledByteBufAllocator.DEFAULT.directBuffer(512);
        ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer();
        body.writeCharSequence(content.replace("\n", "\r\n") + ".\r\n", StandardCharsets.US_ASCII);
        int headerBytes = ExtentFormat.begin(prefix, id, 0, envelope, epochMs());
        ExtentFormat.finish(prefix, body, headerBytes, bodyFlags | ExtentFormat.LAST);
        Session session = new Session();
        inbox.offer(new QueueCommand.Accepted(
                new IncomingMessage(id, epochMs(), nanoTime(), envelope, bodyFlags, takesOver, session),
                new IncomingExtent(id, 0, prefix, body, headerBytes, true, session),
                null));
        return id;
    }

    private record Session() implements CommitListener {
        @Override
        public Executor owner() {
            return Runnable::run;
        }

        @Override
        public void onCommitted(CommitResult result) {
            if (result != CommitResult.DURABLE) {
                throw new IllegalStateException(result.toString());
            }
        }
    }

    /** What bounce(8) has logged; ends the log. */
    List<String> logged() {
        return log.lines();
    }

    /** Runs cycles until it is so. */
    void runUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + WAIT_NS_MAX;
        while (!condition.getAsBoolean()) {
            cycle();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never " + what + "; what happened: " + events);
            }
        }
    }

    void cycle() {
        if (work() == 0) {
            passTime();
        }
    }

    /** A slow disk takes real time; with the rig's, mail would grow old beside it. */
    private void passTime() {
        if (spool.isSettled()) {
            aheadNs.addAndGet(CYCLE_NS);
        }
    }

    /** A cycle at the machine's time. */
    int work() {
        return agent.doWork();
    }

    QueueInbox inbox() {
        return inbox;
    }

    QueueId.Source ids() {
        return ids;
    }

    /** Runs until nothing happens any more but with time. */
    void settle() {
        int idle = 0;
        long deadline = System.nanoTime() + WAIT_NS_MAX;
        while (idle < 20 || !spool.isSettled()) {
            idle = agent.doWork() == 0 ? idle + 1 : 0;
            passTime();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never at rest; what happened: " + events);
            }
        }
    }

    void advance(Duration time) {
        aheadNs.addAndGet(time.toNanos());
        settle();
    }

    /** Does or asks something as an operator would; returns when it is done. */
    void request(Consumer<QueueView> body) {
        AtomicBoolean done = new AtomicBoolean();
        QueueCommand.Request request = view -> {
            body.accept(view);
            done.set(true);
        };
        inbox.offer(request);
        runUntil("done", done::get);
    }

    /** Names of domains that somebody in the queue has. */
    int domainCount() {
        return agent.state().domains().size();
    }

    Spool spool() {
        return spool;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Null when it is not in memory. */
    @Nullable
    ActiveMessage active(String id) {
        int slot = scheduler.view().slotOf(QueueId.parse(id));
        return slot == Scheduler.NONE ? null : agent.state().active().get(slot);
    }

    int messageCount() {
        return scheduler.view().messageCount();
    }

    /** As a crash: what is not durable is lost. */
    @Override
    public void close() {
        spool.close();
        log.close();
    }

    private final class Probed implements ProbeListener {
        @Override
        public void onProbed(long queueId, EnvelopeRecipient recipient, DeliveryOutcome.Kind kind, String text) {
            events.add("probed " + kind + " " + recipient.given() + ": " + text);
        }

        @Override
        public void onProbeEnded(long queueId) {
            events.add("ended " + QueueId.format(queueId));
        }
    }

    private final class Events implements QueueListener {
        @Override
        public void onActive(ActiveMessage message) {}

        @Override
        public void onAttempted(
                ActiveMessage message,
                EnvelopeRecipient recipient,
                DeliveryOutcome.Kind kind,
                DeliveryOutcome outcome,
                String transportName,
                AttemptTimes elapsed) {
            events.add(kind + " " + recipient.address().external());
        }

        @Override
        public void onSuspended(
                ActiveMessage message, EnvelopeRecipient recipient, String reason, EnhancedStatus status) {
            events.add("SUSPENDED " + recipient.address().external());
        }

        @Override
        public void onExpired(
                ActiveMessage message, EnvelopeRecipient recipient, Reason last, boolean byOperator, boolean isFirst) {
            events.add(isFirst ? "expired" : "expired too");
        }

        @Override
        public void onReported(ActiveMessage message, DsnKind kind, long reportQueueId) {
            events.add("reported " + kind + " of " + message.queueIdText());
        }

        @Override
        public void onRemoved(ActiveMessage message) {
            events.add("removed " + message.queueIdText());
        }

        @Override
        public void onDeleted(long queueId) {
            events.add("deleted " + QueueId.format(queueId));
        }

        @Override
        public void onBatch(int syncCount, long durationNs) {}

        @Override
        public void onDamaged(long queueId, String why) {
            events.add("damaged: " + why);
        }

        @Override
        public void onWarning(String text) {
            events.add("warning: " + text);
        }
    }
}
