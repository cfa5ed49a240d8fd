// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.discard.DiscardTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTransportTest {
    private static String deliver(Transport transport, String nextHop) {
        EnvelopeRecipient user = new EnvelopeRecipient(MailAddress.of("u", "b.test"));
        List<DeliveryReport> reports = new ArrayList<>();
        FileBody body = FileBody.of("");
        transport.deliver(new DeliveryRequest(
                "ID",
                nextHop,
                Envelope.of(MailAddress.NULL, List.of(user, user, user)),
                new int[] {0, 2},
                body,
                (request, report) -> reports.add(report),
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                ""));
        assertEquals(1, reports.size());
        assertTrue(body.isReleased());
        DeliveryOutcome[] outcomes = reports.get(0).outcomes();
        assertEquals(2, outcomes.length);
        assertEquals(outcomes[0], outcomes[1]);
        return outcomes[0].kind() + " " + outcomes[0].status() + " " + outcomes[0].text();
    }

    @Test
    void bouncesWithTheNextHopAsReason() {
        Transport error = ErrorTransport.bouncing();
        assertEquals("BOUNCED 5.0.0 no such user", deliver(error, "no such user"));
        assertEquals("BOUNCED 5.1.1 no such user", deliver(error, "5.1.1 no such user"));
        assertEquals("BOUNCED 5.1.1 odd", deliver(error, "4.1.1 odd"));
    }

    @Test
    void defersWithTheNextHopAsReason() {
        Transport retry = ErrorTransport.deferring();
        assertEquals("DEFERRED 4.0.0 not now", deliver(retry, "not now"));
        assertEquals("DEFERRED 4.4.1 not now", deliver(retry, "4.4.1 not now"));
    }

    @Test
    void discardsAndCallsItDelivered() {
        assertEquals("DELIVERED 2.0.0 b.test", deliver(new DiscardTransport(), "b.test"));
    }
}
