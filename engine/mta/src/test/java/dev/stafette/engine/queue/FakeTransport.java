// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A way out that answers at once unless it keeps requests, as the test says for each recipient, and keeps what it delivered. */
final class FakeTransport implements Transport {
    /** What arrived. */
    record Arrival(Envelope envelope, EnvelopeRecipient recipient, String text) {}

    final List<Arrival> arrivals = new ArrayList<>();
    private final Map<String, DeliveryOutcome> outcomes = new HashMap<>();
    private final List<DeliveryRequest> kept = new ArrayList<>();
    private boolean keepsRequests;
    /** Of each attempt. */
    final List<String> nextHops = new ArrayList<>();

    private int attemptCount;

    static DeliveryOutcome delivered(Handover handover) {
        return outcome(Kind.DELIVERED, Scope.MESSAGE, "250 2.0.0 Ok").withHandover(handover);
    }

    static DeliveryOutcome outcomeOfSuccess() {
        return delivered(Handover.PASSED_ON);
    }

    static DeliveryOutcome deferred(String reply) {
        return outcome(Kind.DEFERRED, Scope.RECIPIENT, reply);
    }

    static DeliveryOutcome siteDown(String why) {
        return new DeliveryOutcome(
                Kind.DEFERRED, Scope.SITE, EnhancedStatus.of(4, 4, 1), why, DeliveryOutcome.NO_RELAY, 1, null, null);
    }

    static DeliveryOutcome bounced(String reply) {
        return outcome(Kind.BOUNCED, Scope.RECIPIENT, reply);
    }

    private static DeliveryOutcome outcome(Kind kind, Scope scope, String reply) {
        EnhancedStatus status = EnhancedStatus.parsePrefix(reply.substring(4));
        String text = kind == Kind.DELIVERED
                ? reply
                : "host mx.b.test[192.0.2.1] said: " + reply + " (in reply to RCPT TO command)";
        return new DeliveryOutcome(
                kind,
                scope,
                status == null ? EnhancedStatus.SENT : status,
                text,
                "mx.b.test[192.0.2.1]:25",
                1,
                "mx.b.test",
                kind == Kind.DELIVERED ? null : reply);
    }

    /** What becomes of this address from now on; the others are delivered. */
    void answer(String address, DeliveryOutcome outcome) {
        outcomes.put(address, outcome);
    }

    int attemptCount() {
        return attemptCount;
    }

    /** Requests are kept from now on, for {@link #answer(DeliveryRequest)}. */
    void keepRequests() {
        keepsRequests = true;
    }

    List<DeliveryRequest> kept() {
        return kept;
    }

    @Override
    public void deliver(DeliveryRequest request) {
        attemptCount++;
        nextHops.add(request.nextHop());
        if (keepsRequests) {
            kept.add(request);
        } else {
            answer(request);
        }
    }

    void answer(DeliveryRequest request) {
        int[] recipients = request.recipients();
        DeliveryOutcome[] all = new DeliveryOutcome[recipients.length];
        String siteFailure = null;
        String text = text(request.body());
        for (int i = 0; i < all.length; i++) {
            EnvelopeRecipient recipient = request.envelope().recipients().get(recipients[i]);
            all[i] = outcomes.getOrDefault(recipient.address().external(), delivered(Handover.PASSED_ON));
            if (all[i].kind() == Kind.DELIVERED) {
                arrivals.add(new Arrival(request.envelope(), recipient, text));
            } else if (all[i].scope() == Scope.SITE) {
                siteFailure = all[i].text();
            }
        }
        request.body().release();
        request.listener().onAttempted(request, new DeliveryReport(all, siteFailure, DeliveryReport.NO_SITE, 0, 1, 1));
    }

    private static String text(MessageBody body) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < body.partCount(); i++) {
                ByteBuffer part = ByteBuffer.allocate(body.partLengthBytes(i));
                body.partChannel(i).read(part, body.partPosition(i));
                text.writeBytes(part.array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    @Override
    public void close() {}
}
