// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.checks.RuleTable;
import dev.stafette.engine.config.FakeHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports that header_checks discard: told once for all that, also over a crash. */
@Timeout(180)
class DiscardedReportsIT {
    private static final MailAddress SENDER = MailAddress.of("s", "a.test");
    private static final String TEXT = "From: s@a.test\nSubject: lunch\n\nthe body\n";

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final QueueRig.Options options = queue.options();

    private QueueRig startDiscarding(String subject) {
        RuleTable table = new RuleTable("Subject: " + subject, "DISCARD");
        options.checks = ContentRules.of(FakeHost.settings("header_checks = x:y"), spec -> table);
        options.delayWarning = Duration.ofHours(1);
        transport.answer("u@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
        transport.answer("w@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        return queue.start();
    }

    private static String accept(QueueRig rig) {
        String id = rig.accept(
                Envelope.of(
                        SENDER,
                        List.of(
                                new EnvelopeRecipient(MailAddress.of("u", "b.test")),
                                new EnvelopeRecipient(MailAddress.of("w", "b.test")))),
                TEXT);
        rig.settle();
        return id;
    }

    private List<String> subjects() {
        return transport.arrivals.stream()
                .filter(one -> one.recipient().address().equals(SENDER))
                .flatMap(one -> one.text().lines().filter(line -> line.startsWith("Subject: Report")))
                .toList();
    }

    private static long count(QueueRig rig, String event) {
        return rig.events.stream().filter(event::equals).count();
    }

    @Test
    void tellsNobodyOnceMoreOfAFailure() {
        QueueRig rig = startDiscarding("Report: FAILURE");
        String id = accept(rig);
        assertEquals(1, count(rig, "reported FAILURE of " + id));
        options.checks = null;
        rig = queue.start();
        assertEquals(0, count(rig, "reported FAILURE of " + id));
        assertEquals(List.of(), subjects());
        assertEquals(1, rig.messageCount(), "somebody still waits");
    }

    @Test
    void tellsNobodyOnceMoreOfADelay() {
        QueueRig rig = startDiscarding("Report: DELAY");
        String id = accept(rig);
        rig.advance(Duration.ofHours(2));
        rig.advance(Duration.ofHours(2));
        assertEquals(1, count(rig, "reported DELAY of " + id));
        options.checks = null;
        rig = queue.start();
        rig.advance(Duration.ofHours(2));
        rig.advance(Duration.ofHours(2));
        assertEquals(0, count(rig, "reported DELAY of " + id));
        assertEquals(List.of("Subject: Report: FAILURE"), subjects());
    }

    @Test
    void endsAMessageOfWhichNothingElseIsLeft() {
        QueueRig rig = startDiscarding("Report: FAILURE");
        rig.accept(Envelope.of(SENDER, List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test")))), TEXT);
        rig.settle();
        assertEquals(0, rig.messageCount());
        assertEquals(0, queue.start().messageCount());
    }
}
