// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BestMxTransportTest {
    private final List<String> events = new ArrayList<>();

    /** Ends each request with the same outcome for all. */
    private Transport ending(String name, Kind kind, String status) {
        return new Transport() {
            @Override
            public void deliver(DeliveryRequest request) {
                events.add(name + " " + request.nextHop());
                DeliveryOutcome outcome = new DeliveryOutcome(
                        kind, Scope.RECIPIENT, EnhancedStatus.parsePrefix(status), "text", "none", 1, null, null);
                request.body().release();
                request.listener()
                        .onAttempted(
                                request,
                                new DeliveryReport(
                                        new DeliveryOutcome[] {outcome}, null, DeliveryReport.NO_SITE, 0, 0, 0));
            }

            @Override
            public void close() {}
        };
    }

    private MessageBody body() {
        return (MessageBody) Proxy.newProxyInstance(
                MessageBody.class.getClassLoader(), new Class<?>[] {MessageBody.class}, (proxy, method, arguments) -> {
                    events.add(method.getName());
                    return method.getReturnType() == boolean.class ? false : null;
                });
    }

    private void deliver(Transport smtp, String target) {
        Map<String, Transport> services = Map.of("local", ending("local", Kind.DELIVERED, "2.0.0"));
        new BestMxTransport(smtp, target, services::get, (queueId, text) -> events.add(queueId + ": " + text))
                .deliver(new DeliveryRequest(
                        "ID",
                        "b.test",
                        Envelope.of(
                                AddressList.split("s@a.test"),
                                List.of(new EnvelopeRecipient(AddressList.split("u@b.test"), 0, null))),
                        new int[] {0},
                        body(),
                        (request, report) -> events.add(request.nextHop() + " " + report.outcomes()[0].kind() + " "
                                + report.outcomes()[0].status()),
                        1,
                        DeliveryRequest.ANY_SOURCE,
                        DeliveryRequest.NO_TENANT,
                        null,
                        "x"));
    }

    @ParameterizedTest
    @CsvSource({"local,b.test", "local:hub.test,hub.test", "'local: hub.test',hub.test"})
    void passesOnWhatWouldLoop(String target, String nextHop) {
        deliver(ending("smtp", Kind.BOUNCED, "5.4.6"), target);
        assertEquals(
                List.of(
                        "smtp b.test",
                        "ID: passing <u@b.test> to transport=local",
                        "local " + nextHop,
                        "release",
                        "b.test DELIVERED 2.0.0"),
                events);
    }

    @ParameterizedTest
    @CsvSource({"BOUNCED,5.4.4", "DEFERRED,4.4.6", "DELIVERED,2.0.0"})
    void leavesEverythingElseAlone(Kind kind, String status) {
        deliver(ending("smtp", kind, status), "local");
        assertEquals(List.of("smtp b.test", "release", "b.test " + kind + " " + status), events);
    }

    /** A method with a default of its own is easily left out. */
    @Test
    void asksTheMessageItselfWhetherItsHeaderIsAscii() {
        Transport asking = ending("smtp", Kind.DELIVERED, "2.0.0");
        Transport smtp = new Transport() {
            @Override
            public void deliver(DeliveryRequest request) {
                assertFalse(request.body().hasEightBitHeader());
                asking.deliver(request);
            }

            @Override
            public void close() {}
        };
        deliver(smtp, "local");
        assertEquals(List.of("hasEightBitHeader", "smtp b.test", "release", "b.test DELIVERED 2.0.0"), events);
    }

    @Test
    void defersWhereThereIsNoSuchTransport() {
        deliver(ending("smtp", Kind.BOUNCED, "5.4.6"), "nowhere");
        assertEquals(
                List.of(
                        "smtp b.test",
                        "ID: passing <u@b.test> to transport=nowhere",
                        "release",
                        "b.test DEFERRED 4.3.0"),
                events);
    }
}
