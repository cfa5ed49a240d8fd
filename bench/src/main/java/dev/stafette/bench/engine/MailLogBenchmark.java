// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.log.Delays;
import dev.stafette.engine.log.DeliveryStatus;
import dev.stafette.engine.log.LogSettings;
import dev.stafette.engine.log.MailLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a line of the mail log costs the thread that logs it.
 * Thread: JMH's.
 *
 * <p>An invocation logs what 200 messages log, and then rests for as long as those would take to come at some 30,000 a
 * second: without the rest the ring would be full, and a full ring is not what is measured. The rest is not in the score.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 400)
@Measurement(iterations = 400)
@SuppressWarnings("NullAway.Init")
public class MailLogBenchmark {
    private static final int MESSAGES = 200;
    private static final int LINES = 5;
    private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(7);
    private static final long MS_NS = 1_000_000;
    private static final String ID = "4bXy1z2Kq0zB1";

    private final DeliveryOutcome sent = new DeliveryOutcome(
            DeliveryOutcome.Kind.DELIVERED,
            DeliveryOutcome.Scope.RECIPIENT,
            EnhancedStatus.SENT,
            "250 2.0.0 Ok: queued as 4bXy1z2Kq0zB2",
            "mx.dest.test[192.0.2.25]:25",
            17,
            "mx.dest.test",
            null);
    private final Delays delays = new Delays(12 * MS_NS, 3 * MS_NS, 0, 21 * MS_NS);
    private Path file;
    private MailLog log;

    @Setup
    public void open() throws IOException {
        file = Files.createTempFile("bench", ".log");
        log = MailLog.open(new LogSettings(
                file, "0600", "mail", "mx.src.test", "postfix", 4242, 2, ZoneId.of("Europe/Berlin"), false));
    }

    @TearDown
    public void close() throws IOException {
        log.close();
        Files.delete(file);
    }

    @TearDown(Level.Invocation)
    public void rest() {
        LockSupport.parkNanos(REST_NS);
    }

    /** The five lines that a message has. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES * LINES)
    public void line() {
        for (int i = 0; i < MESSAGES; i++) {
            log.clientOf(ID, "localhost[127.0.0.1]");
            log.messageId(ID, "<12345.4711@src.test>");
            log.active(ID, "bounce@src.test", 4321, 1);
            log.delivered("smtp", ID, "u12345@d7.dest.test", null, DeliveryStatus.SENT, sent, delays);
            log.removed(ID);
        }
    }
}
