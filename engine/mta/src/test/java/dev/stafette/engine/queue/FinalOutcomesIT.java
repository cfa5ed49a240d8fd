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
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.engine.queue.FakeTransport.Arrival;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.storage.format.QueueId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What senders are told, and when: probe 28 of the client, delays and confirmations, also over a crash. */
@Timeout(180)
class FinalOutcomesIT {
    private static final MailAddress SENDER = MailAddress.of("s", "a.test");
    private static final String TEXT = "From: s@a.test\nSubject: lunch\n\nthe body\n";

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final QueueRig.Options options = queue.options();
    private QueueRig rig;

    private void start() {
        rig = queue.start();
    }

    private void crash() {
        queue.crash();
    }

    private static EnvelopeRecipient to(String localPart, int notify) {
        return new EnvelopeRecipient(
                MailAddress.of(localPart, "b.test"), notify, "rfc822;old+2B" + localPart + "@b.test");
    }

    private static Envelope envelope(EnvelopeRecipient... recipients) {
        return new Envelope(
                SENDER, false, false, DsnReturn.FULL, "QQ+2B1", TraceMode.NONE, null, Arrays.asList(recipients));
    }

    private Arrival onlyReport() {
        List<Arrival> reports = reports();
        assertEquals(1, reports.size(), rig.events.toString());
        return reports.get(0);
    }

    private List<Arrival> reports() {
        return transport.arrivals.stream()
                .filter(one -> one.recipient().address().equals(SENDER))
                .toList();
    }

    private static void assertLines(String text, String... lines) {
        List<String> all = text.lines().toList();
        for (String line : lines) {
            assertTrue(all.contains(line), "no line '" + line + "' in\n" + text);
        }
    }

    private void hours(int count) {
        for (int i = 0; i < count; i++) {
            rig.advance(Duration.ofHours(1));
        }
    }

    @Test
    void returnsExpiredMailOnceWithTheLastWordOfTheSite() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        start();
        String id = rig.accept(envelope(to("u", DsnNotify.UNSPECIFIED)), TEXT);
        rig.settle();
        hours(60);
        transport.answer("u@b.test", FakeTransport.deferred("452 4.2.2 mailbox full"));
        hours(59);
        assertEquals(List.of(), reports());
        hours(3);
        Arrival report = onlyReport();
        assertTrue(report.envelope().sender().isNull());
        assertLines(
                report.text(),
                "Subject: Report: FAILURE",
                "Original-Envelope-Id: QQ+1",
                "Final-Recipient: rfc822; u@b.test",
                "Original-Recipient: rfc822;old+u@b.test",
                "Action: failed",
                "Status: 4.2.2",
                "Remote-MTA: dns; mx.b.test",
                "Diagnostic-Code: smtp; 452 4.2.2 mailbox full",
                "Content-Type: message/rfc822",
                "the body");
        assertTrue(rig.events.containsAll(List.of("expired", "reported FAILURE of " + id, "removed " + id)));
        assertEquals(0, rig.messageCount());
    }

    @Test
    void saysOnceThatAMessageIsTooOld() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        transport.answer("v@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        start();
        rig.accept(envelope(to("u", 0), to("v", 0)), TEXT);
        rig.settle();
        hours(125);
        assertEquals(
                List.of("expired", "expired too"),
                rig.events.stream().filter(event -> event.startsWith("expired")).toList());
        assertEquals(0, rig.messageCount());
    }

    @Test
    void keepsWhatWouldBounceAndWarnsOfDelaysFromAReloadOn() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        start();
        rig.request(view -> view.reload(
                SchedulerSettings.DEFAULTS,
                new QueueRules(service -> true, Duration.ofHours(1).toNanos(), false, 10)));
        rig.accept(envelope(to("u", DsnNotify.UNSPECIFIED)), TEXT);
        rig.settle();
        assertEquals(1, rig.messageCount());
        hours(3);
        assertLines(onlyReport().text(), "Action: delayed", "Status: 4.1.1");
        rig.request(view -> view.reload(SchedulerSettings.DEFAULTS, new QueueRules(service -> false, 0, false, 10)));
        hours(3);
        assertEquals(0, rig.messageCount());
        assertEquals(2, reports().size());
    }

    @Test
    void tellsOfAllThatFailedInARoundAtOnce() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("v@b.test", FakeTransport.bounced("550 5.7.1 not you"));
        start();
        rig.accept(envelope(to("u", 0), to("v", 0), to("w", 0), to("x", 0)), TEXT);
        rig.settle();
        assertLines(onlyReport().text(), "Status: 5.1.1", "Status: 5.7.1");
        assertFalse(onlyReport().text().contains("w@b.test"));
        assertEquals(0, rig.messageCount());
    }

    @Test
    void returnsTheHeaderWhenTheSenderWantsNoMore() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        start();
        rig.accept(
                new Envelope(SENDER, false, false, DsnReturn.HDRS, null, TraceMode.NONE, null, List.of(to("u", 0))),
                TEXT);
        rig.settle();
        assertLines(onlyReport().text(), "Content-Type: text/rfc822-headers", "Subject: lunch");
        assertFalse(onlyReport().text().contains("the body"));
    }

    /** RFC 8689 §5. */
    @Test
    void returnsTheHeaderOfWhatWasToBeEncryptedByAnyWayOnlyWhereItMay() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        start();
        rig.accept(envelope(to("u", 0)).withTls(TlsDemand.REQUIRED), TEXT);
        rig.settle();
        assertLines(onlyReport().text(), "Content-Type: text/rfc822-headers", "Subject: lunch");
        assertEquals(TlsDemand.NONE, onlyReport().envelope().tls());
        crash();
        transport.arrivals.clear();
        options.redactsRequireTls = false;
        start();
        rig.accept(envelope(to("u", 0)).withTls(TlsDemand.REQUIRED), TEXT);
        rig.settle();
        assertLines(onlyReport().text(), "Content-Type: text/rfc822-headers");
        assertEquals(TlsDemand.REQUIRED, onlyReport().envelope().tls());
    }

    @Test
    void returnsAsItCameWhatNeedNotBeEncrypted() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        start();
        rig.accept(envelope(to("u", 0)).withTls(TlsDemand.WAIVED), TEXT);
        rig.settle();
        assertLines(onlyReport().text(), "Content-Type: message/rfc822", "the body");
        assertEquals(TlsDemand.WAIVED, onlyReport().envelope().tls());
    }

    @Test
    void keepsSilentWhereTheSenderWantsToHearNothing() {
        options.delayWarning = Duration.ofHours(1);
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("v@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(envelope(to("u", DsnNotify.NEVER), to("v", DsnNotify.FAILURE)), TEXT);
        rig.settle();
        hours(5);
        assertEquals(List.of(), reports());
        transport.answer("v@b.test", FakeTransport.delivered(Handover.FINAL));
        hours(2);
        assertEquals(List.of(), reports());
        assertEquals(0, rig.messageCount());
    }

    @Test
    void dropsAReportThatNobodyTakes() {
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("s@a.test", FakeTransport.bounced("550 5.1.1 no such sender"));
        start();
        rig.accept(envelope(to("u", 0)), TEXT);
        rig.settle();
        assertEquals(2, transport.attemptCount());
        assertEquals(List.of(), transport.arrivals);
        assertEquals(0, rig.messageCount());
    }

    @Test
    void warnsOnceOfADelayAlsoOverACrash() {
        options.delayWarning = Duration.ofHours(4);
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        transport.answer("v@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        start();
        String id = rig.accept(envelope(to("u", 0), to("v", DsnNotify.FAILURE), to("w", 0)), TEXT);
        rig.settle();
        hours(3);
        assertEquals(List.of(), reports());
        hours(3);
        Arrival warning = onlyReport();
        assertTrue(warning.envelope().sender().isNull());
        assertLines(
                warning.text(),
                "Subject: Report: DELAY",
                "Final-Recipient: rfc822; u@b.test",
                "Action: delayed",
                "Status: 4.2.1",
                "Diagnostic-Code: smtp; 450 4.2.1 mailbox busy",
                "Content-Type: text/rfc822-headers");
        assertTrue(warning.text().contains("\nWill-Retry-Until: "));
        assertFalse(warning.text().contains("v@b.test"), warning.text());
        assertFalse(warning.text().contains("w@b.test"), warning.text());
        assertTrue(rig.events.contains("reported DELAY of " + id));
        crash();
        start();
        hours(5);
        assertEquals(1, reports().size());
        transport.answer("u@b.test", FakeTransport.delivered(Handover.PASSED_ON));
        transport.answer("v@b.test", FakeTransport.delivered(Handover.PASSED_ON));
        hours(2);
        assertEquals(0, rig.messageCount());
        assertEquals(4, transport.arrivals.size());
    }

    @Test
    void warnsOfMailForASiteThatIsDown() {
        options.delayWarning = Duration.ofHours(2);
        transport.answer("u@b.test", FakeTransport.siteDown("connect to mx.b.test[192.0.2.1]:25: Connection refused"));
        start();
        // More than are in memory while they wait.
        int count = 30;
        for (int i = 0; i < count; i++) {
            rig.accept(envelope(to("u", 0)), TEXT);
        }
        rig.settle();
        hours(6);
        assertEquals(count, reports().size());
        hours(6);
        assertEquals(count, reports().size());
    }

    @Test
    void endsWhatWasDoneWhenTheProcessEndedBeforeItCouldSaySo() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        start();
        String id = rig.accept(envelope(to("u", 0)), TEXT);
        rig.settle();
        rig.spool().delivered(QueueId.parse(id), 0);
        rig.settle();
        crash();
        start();
        assertEquals(0, rig.messageCount());
        crash();
        start();
        assertEquals(0, rig.messageCount());
        assertEquals(1, transport.attemptCount());
    }

    @Test
    void sendsNoWarningToTheNullSender() {
        options.delayWarning = Duration.ofHours(1);
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        start();
        rig.accept(Envelope.of(MailAddress.NULL, List.of(to("u", 0))), TEXT);
        rig.settle();
        hours(5);
        assertEquals(List.of(), transport.arrivals);
    }

    @Test
    void confirmsDeliveriesThatNobodyElseWill() {
        transport.answer("u@b.test", FakeTransport.delivered(Handover.RELAYED));
        transport.answer("v@b.test", FakeTransport.delivered(Handover.FINAL));
        transport.answer("w@b.test", FakeTransport.delivered(Handover.PASSED_ON));
        start();
        int notify = DsnNotify.SUCCESS | DsnNotify.FAILURE;
        String id = rig.accept(
                envelope(to("u", notify), to("v", notify), to("w", notify), to("x", DsnNotify.FAILURE)), TEXT);
        rig.settle();
        Arrival report = onlyReport();
        assertLines(
                report.text(),
                "Subject: Report: SUCCESS",
                "Read on.",
                "Final-Recipient: rfc822; u@b.test",
                "Action: relayed",
                "Status: 2.0.0",
                "Diagnostic-Code: smtp; 250 2.0.0 Ok",
                "Final-Recipient: rfc822; v@b.test",
                "Action: delivered",
                "Content-Type: text/rfc822-headers");
        assertFalse(report.text().contains("w@b.test") || report.text().contains("x@b.test"), report.text());
        assertTrue(rig.events.contains("reported SUCCESS of " + id));
        assertEquals(0, rig.messageCount());
    }

    @Test
    void confirmsAfterACrashWhatWasDeliveredBefore() {
        List<Runnable> neverRun = new ArrayList<>();
        options.workers = neverRun::add;
        transport.answer("u@b.test", FakeTransport.delivered(Handover.RELAYED));
        transport.answer("v@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        start();
        rig.accept(envelope(to("u", DsnNotify.SUCCESS), to("v", 0)), TEXT);
        rig.settle();
        assertEquals(1, transport.arrivals.size());
        crash();
        options.workers = Runnable::run;
        start();
        assertEquals(2, transport.attemptCount() - 1, "the reports alone");
        List<Arrival> reports = reports();
        assertEquals(2, reports.size());
        assertLines(reports.get(0).text(), "Action: relayed", "Final-Recipient: rfc822; u@b.test");
        assertLines(reports.get(1).text(), "Action: failed", "Diagnostic-Code: smtp; 550 5.1.1 no such user");
        assertEquals(0, rig.messageCount());
    }
}
