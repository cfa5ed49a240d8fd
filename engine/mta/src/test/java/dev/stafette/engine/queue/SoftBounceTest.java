// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.log.QueueEvents;
import dev.stafette.engine.log.TransportLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.storage.format.BodyRef;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SoftBounceTest {
    private static final EnvelopeRecipient U = new EnvelopeRecipient(MailAddress.of("u", "b.test"));

    private static Predicate<String> rules(String mainCf, String masterCf) {
        return QueueRules.of(new FakeHost("mx.b.test").configuration(mainCf, masterCf), false)
                .softBounce();
    }

    private static DeliveryOutcome refused() {
        return new DeliveryOutcome(
                Kind.BOUNCED,
                Scope.RECIPIENT,
                EnhancedStatus.of(5, 1, 1),
                "no such user",
                DeliveryOutcome.NO_RELAY,
                1,
                null,
                null);
    }

    @Test
    void isSaidByTheRowOfEachTransport() {
        String masterCf = """
            smtp inet n - n - - smtpd -o soft_bounce=yes
            smtp unix - - n - - smtp
            new unix - n n - - pipe -o soft_bounce=yes user=nobody argv=/bin/false
            """;
        Predicate<String> soft = rules("", masterCf);
        assertTrue(soft.test("new"));
        assertFalse(soft.test("smtp"));
        Predicate<String> allButOne = rules("soft_bounce = yes\n", masterCf.replace("=yes", "=no"));
        assertFalse(allButOne.test("new"));
        assertTrue(allButOne.test("smtp"));
    }

    /** As Postfix's bounce client words it. */
    @Test
    void isLoggedByANameOfItsOwnAndAsAFailureThatMayPass() {
        ActiveMessage message = new ActiveMessage(
                7,
                0,
                Envelope.of(MailAddress.of("s", "a.test"), List.of(U)),
                BodyRef.of(0, new int[] {1}, new int[] {0}, new int[] {100}, new int[] {100}),
                0,
                0,
                0);
        try (KeptLog log = new KeptLog()) {
            QueueEvents events = new QueueEvents(
                    log.log(),
                    new Metrics(0).openMeter("queue"),
                    Map.of("smtp", new TransportLog(log.log(), "smtp"), "local", new TransportLog(log.log(), "local")),
                    () -> true);
            AttemptTimes times = new AttemptTimes();
            events.onAttempted(message, U, Kind.DEFERRED, refused().softened(), "smtp", times);
            events.onAttempted(
                    message,
                    U,
                    Kind.DEFERRED,
                    refused().softened().with(List.of(new DeliveryPart(U, "local", refused()))),
                    "local",
                    times);
            events.onAttempted(message, U, Kind.BOUNCED, refused(), "smtp", times);
            assertEquals(
                    List.of(
                            "smtp dsn=4.1.1, status=SOFTBOUNCE (no such user)",
                            "local dsn=4.1.1, status=SOFTBOUNCE (no such user)",
                            "smtp dsn=5.1.1, status=bounced (no such user)"),
                    log.lines().stream()
                            .map(line -> line.replaceFirst(":.*(?= dsn=)", ""))
                            .toList());
        }
    }
}
