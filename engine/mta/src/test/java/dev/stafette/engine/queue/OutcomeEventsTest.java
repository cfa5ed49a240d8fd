// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.event.EventLogSettings;
import dev.stafette.engine.event.OutcomeEvents;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.format.BodyRef;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeEventsTest {
    private static final EnvelopeRecipient ANN = new EnvelopeRecipient(MailAddress.of("ann", "b.test"));
    private static final MailAddress SENDER = MailAddress.of("bounces", "a.test");
    private static final AttemptTimes TIMES = new AttemptTimes();
    private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private final KeptLog log = new KeptLog();
    private EventLog events;
    private OutcomeEvents listener;

    @BeforeEach
    void open() {
        events = Objects.requireNonNull(
                EventLog.open(FakeHost.settings("event_log = " + directory.resolve("events")), log.log()));
        QueueListener nobody = (QueueListener) Proxy.newProxyInstance(
                QueueListener.class.getClassLoader(),
                new Class<?>[] {QueueListener.class},
                (proxy, method, args) -> null);
        listener = new OutcomeEvents(nobody, events);
    }

    @AfterEach
    void close() {
        events.close();
        log.close();
    }

    private List<String> lines() throws IOException {
        // Closing waits no longer than some seconds, and counts what is left as lost, which may still be written.
        long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
        while (!events.isIdle() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        events.close();
        return Files.readAllLines(directory.resolve("events")).stream()
                .map(line -> line.replaceFirst("\"time\": \"[^\"]*Z\", ", "").replaceFirst(", \"size\".*", ""))
                .toList();
    }

    private static ActiveMessage message(MailAddress sender, TraceMode trace) {
        Envelope envelope =
                new Envelope(sender, false, false, DsnReturn.UNSPECIFIED, "env-1", trace, null, List.of(ANN));
        return new ActiveMessage(1L << 40, 0, envelope, new BodyRef(0, 1, 0, 9, 300), 1_700_000_000_000L, 0, 0);
    }

    private static DeliveryOutcome said(Kind kind, String reply) {
        return new DeliveryOutcome(
                kind,
                Scope.RECIPIENT,
                EnhancedStatus.of(kind == Kind.DELIVERED ? 2 : 5, 0, 0),
                "host mx.b.test[192.0.2.1] said: " + reply + " (in reply to RCPT TO command)",
                "mx.b.test[192.0.2.1]:25",
                1,
                "mx.b.test",
                reply,
                Handover.RELAYED);
    }

    @Test
    void tellsWhatBecameOfARecipient() throws IOException {
        ActiveMessage message = message(SENDER, TraceMode.NONE);
        listener.onAttempted(message, ANN, Kind.DELIVERED, said(Kind.DELIVERED, "250 ok"), "smtp", TIMES);
        listener.onAttempted(message, ANN, Kind.BOUNCED, said(Kind.BOUNCED, "550 5.1.1 no such user"), "smtp", TIMES);
        String rest =
                "\"transport\": \"smtp\", \"relay\": \"mx.b.test[192.0.2.1]:25\", \"remote_mta\": \"mx.b.test\", ";
        String head = "\"queue_id\": \"" + message.queueIdText() + "\", \"sender\": \"bounces@a.test\", \"recipient\":"
                + " \"ann@b.test\", \"original_recipient\":"
                + " \"ann@b.test\", \"envelope_id\": \"env-1\", ";
        assertEquals(
                List.of(
                        "{\"event\": \"delivered\", " + head + rest + "\"status\": \"2.0.0\", \"response\": \"250 ok\"",
                        "{\"event\": \"bounced\", " + head + rest + "\"status\": \"5.0.0\","
                                + " \"response\": \"550 5.1.1 no such user\", \"class\": \"invalid-recipient\""),
                lines());
    }

    @Test
    void tellsWhoseMailItWasWhereTheSenderSaysSo() throws IOException {
        MailAddress sealed =
                ReturnAddress.seal(SENDER, 'k', new byte[32], 5, "acme", "fall").address();
        listener.onAttempted(
                message(sealed, TraceMode.NONE), ANN, Kind.DEFERRED, said(Kind.BOUNCED, "550 full"), "smtp", TIMES);
        String line = lines().get(0);
        assertTrue(line.startsWith("{\"event\": \"deferred\""), line);
        assertTrue(line.contains("\"sender\": \"bounces@a.test\""), line);
        assertTrue(line.contains("\"tenant\": \"acme\", \"campaign\": \"fall\""), line);
    }

    @Test
    void tellsOfEachOfThoseThatARecipientStoodFor() throws IOException {
        EnvelopeRecipient other = new EnvelopeRecipient(MailAddress.of("bob", "c.test"));
        DeliveryOutcome parts = said(Kind.DELIVERED, "250 ok")
                .with(List.of(
                        new DeliveryPart(ANN, "local", said(Kind.DELIVERED, "250 ok")),
                        new DeliveryPart(other, "pipe", said(Kind.BOUNCED, "552 5.2.2 full"))));
        listener.onAttempted(message(SENDER, TraceMode.NONE), ANN, Kind.DELIVERED, parts, "local", TIMES);
        List<String> lines = lines();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).contains("\"recipient\": \"bob@c.test\""), lines.get(1));
        assertTrue(lines.get(1).contains("\"class\": \"quota\""), lines.get(1));
    }

    @Test
    void tellsThatTimeIsUpAndThatADestinationIsDead() throws IOException {
        ActiveMessage message = message(SENDER, TraceMode.NONE);
        EnhancedStatus later = EnhancedStatus.of(4, 4, 1);
        String text = "connect to mx.b.test[192.0.2.1]:25: Connection refused";
        listener.onSuspended(message, ANN, "delivery temporarily suspended: " + text, later);
        listener.onExpired(message, ANN, new Reason(later, null, text), false, true);
        List<String> lines = lines();
        assertTrue(lines.get(0).startsWith("{\"event\": \"deferred\""), lines.get(0));
        assertTrue(lines.get(1).startsWith("{\"event\": \"bounced\""), lines.get(1));
        assertTrue(lines.get(1).contains("\"expired\": true"), lines.get(1));
        assertTrue(lines.get(1).contains("\"class\": \"network\""), lines.get(1));
    }

    @Test
    void tellsNothingOfProbes() throws IOException {
        ActiveMessage probe = message(SENDER, TraceMode.VERIFY);
        listener.onAttempted(probe, ANN, Kind.DELIVERED, said(Kind.DELIVERED, "250 ok"), "smtp", TIMES);
        listener.onSuspended(probe, ANN, "dead", EnhancedStatus.of(4, 4, 1));
        assertEquals(List.of(), lines());
    }

    @Test
    void losesAndCountsWhatComesTooFast() throws IOException {
        ActiveMessage message = message(SENDER, TraceMode.NONE);
        DeliveryOutcome outcome = said(Kind.DELIVERED, "250 ok");
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            listener.onAttempted(message, ANN, Kind.DELIVERED, outcome, "smtp", TIMES);
        }
        int written = lines().size();
        String said = String.join("\n", log.lines());
        int lost = java.util.regex.Pattern.compile("events lost: (\\d+)")
                .matcher(said)
                .results()
                .mapToInt(one -> Integer.parseInt(one.group(1)))
                .sum();
        assertTrue(written > 0);
        assertEquals(count, written + lost, said);
    }

    @Test
    void beginsAnotherFileWhenTheOldOneIsRenamed() throws IOException, InterruptedException {
        ActiveMessage message = message(SENDER, TraceMode.NONE);
        DeliveryOutcome outcome = said(Kind.DELIVERED, "250 ok");
        Path file = directory.resolve("events");
        listener.onAttempted(message, ANN, Kind.DELIVERED, outcome, "smtp", TIMES);
        while (Files.size(file) == 0) {
            Thread.sleep(5);
        }
        Files.move(file, directory.resolve("events.1"));
        // Looked at no more often than once a second.
        long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
        while (!Files.exists(file) && System.nanoTime() - deadlineNs < 0) {
            listener.onAttempted(message, ANN, Kind.DELIVERED, outcome, "smtp", TIMES);
            Thread.sleep(10);
        }
        assertTrue(!lines().isEmpty());
    }

    @Test
    void putsTheFileAsideThoughNothingComesAnyMore() throws IOException, InterruptedException {
        listener.onAttempted(
                message(SENDER, TraceMode.NONE), ANN, Kind.DELIVERED, said(Kind.DELIVERED, "250 ok"), "smtp", TIMES);
        Path file = directory.resolve("events");
        long deadlineNs = System.nanoTime() + WAIT_NS_MAX;
        while (Files.size(file) == 0 && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(5);
        }
        events.reload(EventLogSettings.of(FakeHost.settings("event_log_size_limit = 100")));
        while (fileCount() < 2 && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(5);
        }
        assertEquals(List.of(), lines());
        assertEquals(2, fileCount());
    }

    private int fileCount() {
        return Objects.requireNonNull(directory.toFile().list()).length;
    }
}
