// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.engine.queue.FakeTransport.Arrival;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages whose senders ask for the way that they take, or would take. */
@Timeout(180)
class TracedOutcomesIT {
    private static final MailAddress SENDER = MailAddress.of("s", "a.test");
    private static final String TEXT = "From: s@a.test\nSubject: lunch\n\nthe body\n";

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final QueueRig.Options options = queue.options();
    private QueueRig rig;

    private void start() {
        transport.answer("refused@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("busy@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        transport.answer("taken@b.test", FakeTransport.delivered(Handover.RELAYED));
        transport.answer("box@b.test", FakeTransport.delivered(Handover.FINAL));
        transport.answer("down@c.test", FakeTransport.siteDown("connect to mx.c.test: Connection refused"));
        rig = queue.start();
    }

    private static Envelope envelope(TraceMode trace, MailAddress sender, int notify, String... recipients) {
        List<EnvelopeRecipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            String[] parts = recipient.split("@");
            all.add(new EnvelopeRecipient(MailAddress.of(parts[0], parts[1]), notify, null));
        }
        return new Envelope(sender, false, false, DsnReturn.UNSPECIFIED, null, trace, null, all);
    }

    private String accept(TraceMode trace, String... recipients) {
        String id = rig.accept(envelope(trace, SENDER, DsnNotify.UNSPECIFIED, recipients), TEXT);
        rig.settle();
        return id;
    }

    private List<String> reports() {
        return transport.arrivals.stream()
                .filter(one -> one.recipient().address().equals(SENDER))
                .map(Arrival::text)
                .toList();
    }

    private String onlyReport() {
        assertEquals(1, reports().size(), rig.events.toString());
        return reports().get(0);
    }

    /** Recipient, action and status of each, in the order of the report. */
    private static List<String> said(String report) {
        List<String> all = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        for (String line : report.lines().toList()) {
            if (line.startsWith("Final-Recipient: ")) {
                one.append(line.substring(line.indexOf(';') + 2));
            } else if (line.startsWith("Action: ")) {
                one.append(' ').append(line.substring(8));
            } else if (line.startsWith("Status: ")) {
                all.add(one.append(' ').append(line.substring(8)).toString());
                one.setLength(0);
            }
        }
        return all;
    }

    @Test
    void saysOnceWhatWouldBecomeOfEachRecipient() {
        start();
        String id = accept(TraceMode.VERIFY, "taken@b.test", "refused@b.test", "busy@b.test", "box@b.test");
        String report = onlyReport();
        assertEquals(
                List.of(
                        "taken@b.test deliverable 2.0.0",
                        "refused@b.test undeliverable 5.1.1",
                        "busy@b.test undeliverable 4.2.1",
                        "box@b.test deliverable 2.0.0"),
                said(report));
        assertTrue(report.contains("\nSubject: Report: VERIFY\n"), report);
        assertTrue(report.contains("\n<taken@b.test>: delivery via mx.b.test: 250 2.0.0 Ok\n"), report);
        assertTrue(report.contains("\nRemote-MTA: dns; mx.b.test\nDiagnostic-Code: smtp; 250 2.0.0 Ok\n"), report);
        assertTrue(
                report.contains("\nContent-Type: text/rfc822-headers\n\nReturn-Path: <s@a.test>\nFrom: s@a.test\n"),
                report);
        assertFalse(report.contains("the body"), report);
        assertEquals(0, rig.messageCount());
        assertTrue(rig.events.containsAll(List.of("reported VERIFY of " + id, "removed " + id)), rig.events.toString());
        rig.advance(Duration.ofDays(6));
        assertEquals(1, reports().size());
    }

    @Test
    void asksNobodyWhoseSiteIsDown() {
        transport.keepRequests();
        start();
        int concurrency = 5;
        for (int i = 0; i < concurrency; i++) {
            rig.accept(envelope(TraceMode.NONE, SENDER, DsnNotify.NEVER, "down@c.test"), TEXT);
        }
        accept(TraceMode.VERIFY, "down@c.test");
        List<DeliveryRequest> kept = transport.kept();
        assertEquals(concurrency, kept.size());
        List.copyOf(kept).forEach(transport::answer);
        rig.settle();
        assertTrue(rig.events.contains("SUSPENDED down@c.test"), rig.events.toString());
        assertFalse(rig.events.contains("expired"), rig.events.toString());
        assertEquals(concurrency + 1, kept.size(), "the report alone");
        transport.answer(kept.get(concurrency));
        rig.settle();
        assertEquals(List.of("down@c.test undeliverable 4.3.2"), said(onlyReport()));
        assertEquals(concurrency, rig.messageCount());
    }

    @Test
    void doesNotTakeARefusalForADelayWhereFailuresAreSoft() {
        start();
        rig.request(view -> view.reload(SchedulerSettings.DEFAULTS, new QueueRules(service -> true, 0, false, 10)));
        accept(TraceMode.VERIFY, "refused@b.test");
        assertEquals(List.of("refused@b.test undeliverable 5.1.1"), said(onlyReport()));
        assertEquals(0, rig.messageCount());
    }

    @Test
    void reportsToNobodyWhatNobodyCanBeTold() {
        start();
        for (TraceMode trace : List.of(TraceMode.VERIFY, TraceMode.RECORD)) {
            rig.accept(envelope(trace, MailAddress.NULL, 0, "taken@b.test", "refused@b.test"), TEXT);
            rig.settle();
        }
        assertEquals(2, transport.attemptCount());
        assertEquals(0, rig.messageCount());
    }

    @Test
    void tellsAfterACrashWhatWasAnsweredBefore() {
        List<Runnable> neverRun = new ArrayList<>();
        options.workers = neverRun::add;
        start();
        accept(TraceMode.VERIFY, "taken@b.test", "busy@b.test");
        accept(TraceMode.RECORD, "box@b.test");
        assertEquals(List.of(), reports());
        queue.crash();
        options.workers = Runnable::run;
        start();
        assertEquals(
                Set.of(
                        List.of("taken@b.test deliverable 2.0.0", "busy@b.test undeliverable 4.2.1"),
                        List.of("box@b.test delivered 2.0.0")),
                reports().stream().map(TracedOutcomesIT::said).collect(Collectors.toSet()));
        assertTrue(reports().stream().allMatch(report -> report.contains("Report: VERIFY")));
        assertEquals(4, transport.attemptCount(), "two messages and their reports");
        assertEquals(0, rig.messageCount());
    }

    @Test
    void recordsTheFirstAttemptOfEachRecipientBesidesWhatFollowsAnyway() {
        start();
        accept(TraceMode.RECORD, "taken@b.test", "refused@b.test", "busy@b.test", "box@b.test");
        assertEquals(2, reports().size());
        String trace = reports().stream()
                .filter(report -> report.contains("Report: VERIFY"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of(
                        "taken@b.test relayed 2.0.0",
                        "refused@b.test failed 5.1.1",
                        "busy@b.test delayed 4.2.1",
                        "box@b.test delivered 2.0.0"),
                said(trace));
        String bounce = reports().get(1 - reports().indexOf(trace));
        assertEquals(List.of("refused@b.test failed 5.1.1"), said(bounce));
        assertTrue(bounce.contains("the body"), bounce);
        assertEquals(1, rig.messageCount());
        transport.answer("busy@b.test", FakeTransport.delivered(Handover.RELAYED));
        rig.advance(Duration.ofHours(2));
        assertEquals(2, reports().size(), "the second attempt is not told of");
        assertEquals(0, rig.messageCount());
    }

    @Test
    void confirmsOnceWhereASuccessWasAskedForToo() {
        start();
        rig.accept(envelope(TraceMode.RECORD, SENDER, DsnNotify.SUCCESS, "taken@b.test"), TEXT);
        rig.settle();
        assertEquals(List.of("taken@b.test relayed 2.0.0"), said(onlyReport()));
        assertTrue(onlyReport().contains("Report: VERIFY"));
    }

    @Test
    void tellsOfEachFailureAtAnAddressOfItsOwnAlsoAfterACrash() {
        List<Runnable> neverRun = new ArrayList<>();
        options.workers = neverRun::add;
        start();
        Envelope plain = envelope(
                TraceMode.NONE, SENDER, DsnNotify.UNSPECIFIED, "taken@b.test", "refused@b.test", "refused@b.test");
        Envelope varied = new Envelope(
                SENDER,
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                new Verp('+', '='),
                plain.recipients());
        rig.accept(varied, TEXT);
        rig.settle();
        assertEquals(3, transport.attemptCount());
        assertEquals(
                "s+taken=b.test@a.test",
                transport.arrivals.get(0).envelope().sender().external());
        queue.crash();
        options.workers = Runnable::run;
        start();
        List<Arrival> bounces = transport.arrivals.subList(1, transport.arrivals.size());
        assertEquals(2, bounces.size(), "one for each");
        for (Arrival bounce : bounces) {
            assertEquals("s+refused=b.test@a.test", bounce.recipient().address().external());
            assertEquals(List.of("refused@b.test failed 5.1.1"), said(bounce.text()));
        }
        assertEquals(0, rig.messageCount());
    }

    @Test
    void keepsTheQuestionOverARestart() {
        transport.keepRequests();
        start();
        accept(TraceMode.VERIFY, "busy@b.test");
        assertEquals(1, transport.kept().size());
        queue.crash();
        start();
        assertEquals(2, transport.kept().size());
        assertEquals(TraceMode.VERIFY, transport.kept().get(1).envelope().trace());
        transport.answer(transport.kept().get(1));
        rig.settle();
        assertEquals(0, reports().size(), "it is kept as well");
        transport.answer(transport.kept().get(2));
        rig.settle();
        assertEquals(List.of("busy@b.test undeliverable 4.2.1"), said(onlyReport()));
        assertEquals(0, rig.messageCount());
    }

    private List<String> eventsOf(String... recipients) {
        rig.events.clear();
        String id = accept(TraceMode.PROBE, recipients);
        return rig.events.stream().map(event -> event.replace(id, "ID")).toList();
    }

    @Test
    void tellsWhoProbesWhatWasFoundOutAndNobodyElse() {
        start();
        assertEquals(
                List.of(
                        "DELIVERED taken@b.test",
                        "probed DELIVERED taken@b.test: 250 2.0.0 Ok",
                        "ended ID",
                        "removed ID"),
                sorted(eventsOf("taken@b.test")));
        assertEquals(
                List.of(
                        "BOUNCED refused@b.test",
                        "probed BOUNCED refused@b.test: host mx.b.test[192.0.2.1] said: 550 5.1.1 no such user (in"
                                + " reply to RCPT TO command)",
                        "ended ID",
                        "removed ID"),
                sorted(eventsOf("refused@b.test")));
        assertEquals(
                List.of(
                        "DEFERRED busy@b.test",
                        "probed DEFERRED busy@b.test: host mx.b.test[192.0.2.1] said: 450 4.2.1 mailbox busy (in reply"
                                + " to RCPT TO command)",
                        "ended ID",
                        "removed ID"),
                sorted(eventsOf("busy@b.test")));
        assertEquals(List.of(), reports());
        assertEquals(0, rig.messageCount());
    }

    /** Of one cycle; the order within it is nobody's business. */
    private static List<String> sorted(List<String> events) {
        List<String> order = List.of("DEL", "BOU", "DEF", "pro", "end", "rem");
        return events.stream()
                .sorted((one, other) ->
                        Integer.compare(order.indexOf(one.substring(0, 3)), order.indexOf(other.substring(0, 3))))
                .toList();
    }

    @Test
    void asksNobodyForAnAddressThatStandsForSeveral() {
        start();
        List<EnvelopeRecipient> several = List.of(
                new EnvelopeRecipient(MailAddress.of("taken", "b.test"), 0, null, "many@b.test"),
                new EnvelopeRecipient(MailAddress.of("refused", "b.test"), 0, null, "many@b.test"));
        rig.events.clear();
        rig.offer(envelope(TraceMode.PROBE, SENDER, 0).with(SENDER, several), TEXT, null);
        rig.runUntil("asked", () -> !rig.events.isEmpty());
        assertTrue(rig.events.contains("DELIVERED many@b.test"), rig.events.toString());
        assertTrue(rig.events.contains("probed DELIVERED many@b.test: aliased to multiple recipients"));
        assertEquals(List.of(), transport.arrivals);
        assertEquals(0, rig.messageCount());
    }

    @Test
    void tellsOfAProbeThatAnOperatorDeletes() {
        start();
        rig.bodyFlags = BodyRef.HELD;
        String id = accept(TraceMode.PROBE, "taken@b.test");
        assertFalse(rig.events.contains("ended " + id));
        rig.request(view -> view.changes().delete(QueueId.parse(id)));
        assertTrue(rig.events.contains("ended " + id), rig.events.toString());
    }

    @Test
    void endsAProbeAfterARestart() {
        start();
        rig.bodyFlags = BodyRef.HELD;
        String id = accept(TraceMode.PROBE, "refused@b.test");
        start();
        rig.request(view -> view.changes().release(QueueId.parse(id)));
        rig.settle();
        assertTrue(
                rig.events.contains(
                        "probed BOUNCED refused@b.test: host mx.b.test[192.0.2.1] said: 550 5.1.1 no such user (in"
                                + " reply to RCPT TO command)"),
                rig.events.toString());
        assertEquals(List.of(), reports());
    }
}
