// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.log.QueueEvents;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.storage.format.BodyRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of mail that waits. */
class DeferralTest {
    /** As Postfix's queue manager and its error service have it between them. */
    @Test
    void namesTheTransportThatIsNotThere() {
        EnvelopeRecipient recipient = new EnvelopeRecipient(MailAddress.of("u", "b.test"));
        Envelope envelope = Envelope.of(MailAddress.of("s", "a.test"), List.of(recipient));
        ActiveMessage message = new ActiveMessage(1, 0, envelope, new BodyRef(0, 1, 0, 9, 300), 0, 0, 0);
        DeliveryOutcome outcome = new DeliveryOutcome(
                DeliveryOutcome.Kind.DEFERRED,
                DeliveryOutcome.Scope.SITE,
                EnhancedStatus.of(4, 3, 0),
                "mail transport unavailable",
                "none",
                1,
                null,
                null);
        try (KeptLog log = new KeptLog()) {
            new QueueEvents(log.log(), new Metrics(0).openMeter("queue"), Map.of(), () -> true)
                    .onAttempted(message, recipient, outcome.kind(), outcome, "nosuch", new AttemptTimes());
            assertEquals(
                    List.of(
                            "qmgr: warning: connect to transport private/nosuch: No such file or directory",
                            "error: " + message.queueIdText()
                                    + ": to=<u@b.test>, relay=none, delay=0, delays=0/0/0/0, dsn=4.3.0, status=deferred"
                                    + " (mail transport unavailable)"),
                    log.lines());
        }
    }

    @Test
    void endsTheReasonWhereItsWordsEnd() {
        Reason reason = new Reason(EnhancedStatus.of(4, 3, 0), null, "temporary failure. Command output: busy ");
        assertEquals("temporary failure. Command output: busy", reason.text());
        assertEquals(reason, Reason.decode(reason.encode()));
    }
}
