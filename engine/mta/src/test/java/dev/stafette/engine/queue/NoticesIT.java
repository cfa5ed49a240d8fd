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
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.queue.FakeTransport.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the postmaster hears of bounces, and of bounces of bounces. */
@Timeout(180)
class NoticesIT {
    private static final MailAddress SENDER = MailAddress.of("s", "a.test");
    private static final MailAddress NOTICES = MailAddress.of("double-bounce", "mx.test");
    private static final String TEXT = "From: s@a.test\nSubject: lunch\n\nthe body\n";

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final QueueRig.Options options = queue.options();
    private QueueRig rig;

    private void start(NoticeClass... classes) {
        Map<NoticeClass, EnvelopeRecipient> readers = new EnumMap<>(NoticeClass.class);
        for (NoticeClass one : NoticeClass.values()) {
            readers.put(one, new EnvelopeRecipient(postmaster(one)));
        }
        options.notices = new NoticeSettings(Set.of(classes), NOTICES, readers);
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("v@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("w@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        rig = queue.start();
    }

    private static MailAddress postmaster(NoticeClass one) {
        return MailAddress.of("pm-" + one.ordinal(), "mx.test");
    }

    private static Envelope envelope(MailAddress sender, String... recipients) {
        List<EnvelopeRecipient> all = Arrays.stream(recipients)
                .map(one -> new EnvelopeRecipient(MailAddress.of(one, "b.test")))
                .toList();
        return Envelope.of(sender, all);
    }

    private List<Arrival> arrivedAt(MailAddress address) {
        return transport.arrivals.stream()
                .filter(one -> one.recipient().address().equals(address))
                .toList();
    }

    private static void assertLines(String text, String... lines) {
        List<String> all = new ArrayList<>(text.lines().toList());
        for (String line : lines) {
            assertTrue(all.contains(line), "no line '" + line + "' in\n" + text);
        }
    }

    @Test
    void sendsThePostmasterACopyOfABounceWithTheHeaderAlone() {
        start(NoticeClass.BOUNCE);
        String id = rig.accept(envelope(SENDER, "u"), TEXT);
        rig.settle();
        Arrival bounce = arrivedAt(SENDER).get(0);
        assertLines(bounce.text(), "Read on.", "the body", "Auto-Submitted: auto-replied");
        Arrival copy = arrivedAt(postmaster(NoticeClass.BOUNCE)).get(0);
        assertEquals(NOTICES, copy.envelope().sender());
        assertLines(
                copy.text(),
                "Subject: Copy: FAILURE",
                "To: pm-0@mx.test",
                "Auto-Submitted: auto-generated",
                "X-Stafette-Sender: rfc822; s@a.test",
                "Final-Recipient: rfc822; u@b.test",
                "Content-Type: text/rfc822-headers",
                "Subject: lunch");
        assertFalse(copy.text().contains("Read on.") || copy.text().contains("the body"), copy.text());
        assertEquals(0, rig.messageCount());
        assertTrue(
                rig.logged().stream().anyMatch(line -> line.contains(id + ": postmaster non-delivery notification: ")),
                "logged");
    }

    @Test
    void tellsThePostmasterAlsoOfWhatTheSenderDoesNotWantToHear() {
        start(NoticeClass.BOUNCE);
        EnvelopeRecipient silent = new EnvelopeRecipient(MailAddress.of("u", "b.test"), DsnNotify.NEVER, null);
        rig.accept(Envelope.of(SENDER, List.of(silent)), TEXT);
        rig.settle();
        assertEquals(List.of(), arrivedAt(SENDER));
        assertEquals(1, arrivedAt(postmaster(NoticeClass.BOUNCE)).size());
        assertEquals(0, rig.messageCount());
    }

    @Test
    void givesABounceThatNobodyTakesToThePostmasterWhole() {
        start(NoticeClass.DOUBLE_BOUNCE);
        rig.accept(envelope(MailAddress.NULL, "u", "v"), TEXT);
        rig.settle();
        assertEquals(1, transport.arrivals.size());
        Arrival notice = arrivedAt(postmaster(NoticeClass.DOUBLE_BOUNCE)).get(0);
        assertEquals(NOTICES, notice.envelope().sender());
        assertLines(
                notice.text(),
                "Subject: Copy: FAILURE",
                "X-Stafette-Sender: rfc822; MAILER-DAEMON@mx.test",
                "Final-Recipient: rfc822; u@b.test",
                "Final-Recipient: rfc822; v@b.test",
                "Content-Type: message/rfc822",
                "the body");
        assertEquals(0, rig.messageCount());
    }

    @Test
    void dropsWhatIsAboutANotice() {
        options.delayWarning = Duration.ofHours(1);
        start(NoticeClass.BOUNCE, NoticeClass.DOUBLE_BOUNCE, NoticeClass.DELAY);
        String id = rig.accept(envelope(MailAddress.of("Double-Bounce", "MX.test"), "u"), TEXT);
        rig.settle();
        assertEquals(List.of(), transport.arrivals);
        assertEquals(0, rig.messageCount());
        assertTrue(
                rig.logged().contains("bounce: warning: " + id + ": undeliverable postmaster notification discarded"),
                "logged");
    }

    @Test
    void warnsThePostmasterOfDelaysAlsoOfMailWithoutASender() {
        options.delayWarning = Duration.ofHours(1);
        start(NoticeClass.DELAY);
        rig.accept(envelope(MailAddress.NULL, "w"), TEXT);
        rig.accept(envelope(SENDER, "w"), TEXT);
        rig.settle();
        for (int i = 0; i < 6; i++) {
            rig.advance(Duration.ofHours(1));
        }
        rig = queue.start();
        for (int i = 0; i < 3; i++) {
            rig.advance(Duration.ofHours(1));
        }
        assertEquals(1, arrivedAt(SENDER).size());
        List<Arrival> notices = arrivedAt(postmaster(NoticeClass.DELAY));
        assertEquals(2, notices.size());
        for (Arrival notice : notices) {
            assertLines(notice.text(), "Subject: Copy: DELAY", "Action: delayed", "Content-Type: text/rfc822-headers");
        }
    }

    @Test
    void tellsThePlainSenderOfAllFailuresAtOnceWhereVerpIsNotForBounces() {
        options.verpBounces = false;
        start();
        Envelope plain = envelope(SENDER, "u", "v");
        rig.accept(
                new Envelope(
                        SENDER,
                        false,
                        false,
                        DsnReturn.UNSPECIFIED,
                        null,
                        TraceMode.NONE,
                        new Verp('+', '='),
                        plain.recipients()),
                TEXT);
        rig.settle();
        assertLines(
                arrivedAt(SENDER).get(0).text(),
                "Final-Recipient: rfc822; u@b.test",
                "Final-Recipient: rfc822; v@b.test");
        assertEquals(1, transport.arrivals.size());
        assertEquals(0, rig.messageCount());
    }

    @Test
    void tellsOfAnAliasInOneReportWithWhatWasDelivered() {
        transport.answer("x@b.test", FakeTransport.delivered(Handover.RELAYED));
        start();
        EnvelopeRecipient alias = new EnvelopeRecipient(
                MailAddress.of("all", "b.test"), DsnNotify.SUCCESS, "rfc822;All@b.test", "everybody@b.test");
        EnvelopeRecipient direct = new EnvelopeRecipient(MailAddress.of("x", "b.test"), DsnNotify.SUCCESS, null);
        Envelope envelope = Envelope.of(SENDER, List.of(alias.at(MailAddress.of("y", "b.test")), direct))
                .with(
                        SENDER,
                        List.of(alias.at(MailAddress.of("y", "b.test")).withNotify(DsnNotify.NEVER), direct),
                        List.of(alias));
        rig.accept(envelope, TEXT);
        rig.settle();
        assertEquals(1, arrivedAt(SENDER).size());
        assertLines(
                arrivedAt(SENDER).get(0).text(),
                "<all@b.test> (expanded from <everybody@b.test>): alias expanded",
                "Final-Recipient: rfc822; all@b.test",
                "Original-Recipient: rfc822;All@b.test",
                "Action: expanded",
                "Status: 2.0.0",
                "Final-Recipient: rfc822; x@b.test");
        assertFalse(arrivedAt(SENDER).get(0).text().contains("rfc822; y@b.test"));
        assertEquals(0, rig.messageCount());
    }
}
