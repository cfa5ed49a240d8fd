// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.scheduler.Scheduler;
import dev.stafette.storage.format.QueueId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of queued mail when its routes change, cannot be told, or have to be waited for. */
@Timeout(180)
class RoutingIT {
    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final TestRoutes routes = new TestRoutes();
    private QueueRig rig;

    private void start() {
        queue.options().routes = routes;
        rig = queue.start();
    }

    private static Envelope to(String... addresses) {
        List<EnvelopeRecipient> recipients = new ArrayList<>();
        for (String address : addresses) {
            String[] parts = address.split("@");
            recipients.add(new EnvelopeRecipient(MailAddress.of(parts[0], parts[1]), 0, null));
        }
        return new Envelope(
                MailAddress.of("s", "a.test"), false, false, DsnReturn.FULL, null, TraceMode.NONE, null, recipients);
    }

    private void answerLookups() {
        for (Runnable next = routes.lookups.poll(); next != null; next = routes.lookups.poll()) {
            next.run();
        }
        rig.settle();
    }

    /** A reload: what waits goes where the new configuration says, and asks nothing twice. */
    @Test
    void sendsWhatWaitsByTheNewRoutes() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(to("u@b.test"), "x\n");
        rig.settle();
        routes.moved.put("b.test", "hub.test");
        routes.version++;
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("b.test", "hub.test"), transport.nextHops);
        assertEquals(0, rig.messageCount());
    }

    /** Tables change without a reload: a round asks again. */
    @Test
    void asksAgainInEachRound() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(to("u@b.test", "v@b.test"), "x\n");
        rig.settle();
        routes.moved.put("b.test", "hub.test");
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("b.test", "hub.test"), transport.nextHops);
        assertEquals(
                List.of("v"),
                transport.arrivals.stream()
                        .map(arrival -> arrival.recipient().address().localPart())
                        .toList());
    }

    @Test
    void sendsWhatIsReadBackAfterAStartByTheNewRoutes() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(to("u@b.test"), "x\n");
        rig.settle();
        queue.crash();
        routes.moved.put("b.test", "hub.test");
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        start();
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("b.test", "hub.test"), transport.nextHops);
    }

    /** A connection that is dialled when it is worth it: defer_transports. */
    @Test
    void keepsMailOfATransportThatWaitsUntilSomebodyAsksForIt() {
        routes.waiting.add("smtp");
        start();
        rig.accept(to("u@b.test"), "x\n");
        rig.advance(Duration.ofHours(6));
        assertEquals(List.of(), transport.arrivals);
        assertEquals(1, rig.messageCount());
        rig.request(QueueView::flush);
        rig.settle();
        assertEquals(List.of("b.test"), transport.nextHops);
        rig.accept(to("u@c.test"), "x\n");
        rig.advance(Duration.ofHours(6));
        assertEquals(List.of("b.test"), transport.nextHops);
    }

    @Test
    void sendsTheMailOfADomainThatIsAskedFor() {
        routes.waiting.add("smtp");
        start();
        rig.accept(to("u@b.test"), "x\n");
        rig.accept(to("u@c.test"), "x\n");
        rig.settle();
        rig.request(view -> view.flushDomain(0, 100, "c.test"));
        rig.settle();
        assertEquals(List.of("c.test"), transport.nextHops);
    }

    @Test
    void sendsMailToItsFilterFirst() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(to("u@b.test", "v@c.test").withContentFilter("filter.test"), "x\n");
        rig.settle();
        assertEquals(List.of("filter.test"), transport.nextHops);
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("filter.test", "filter.test"), transport.nextHops);
        assertEquals(0, rig.messageCount());
    }

    @Test
    void sendsMailToItsFilterAfterAStartToo() {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 busy"));
        start();
        rig.accept(to("u@b.test").withContentFilter("filter.test"), "x\n");
        rig.settle();
        queue.crash();
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        start();
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("filter.test", "filter.test"), transport.nextHops);
        assertEquals(0, rig.messageCount());
    }

    /** sendmail -bv: there is nothing to look into. */
    @Test
    void asksForRecipientsPastTheFilter() {
        start();
        Envelope given = to("u@b.test").withContentFilter("filter.test");
        rig.accept(
                new Envelope(
                        given.sender(),
                        false,
                        false,
                        DsnReturn.FULL,
                        null,
                        TraceMode.VERIFY,
                        null,
                        given.recipients(),
                        given.contentFilter(),
                        null),
                "x\n");
        rig.settle();
        // The report of it is mail of ours, and goes to no filter either.
        assertEquals("b.test", transport.nextHops.get(0));
        assertFalse(transport.nextHops.contains("filter.test"));
    }

    @Test
    void defersWhatNobodyCanRoute() {
        start();
        routes.unknown.add("b.test");
        String id = rig.accept(to("u@b.test", "v@c.test"), "x\n");
        rig.settle();
        assertEquals(List.of("c.test"), transport.nextHops);
        assertEquals(
                List.of("DEFERRED u@b.test", "DELIVERED v@c.test"),
                rig.events.stream().sorted().toList());
        rig.request(view -> {
            Scheduler scheduler = rig.scheduler();
            int recipient = scheduler.view().recipientAt(scheduler.view().slotOf(QueueId.parse(id)), 0);
            assertEquals(
                    "address resolver failure",
                    Reason.decode(scheduler.view().reasonOf(recipient)).text());
            assertEquals(1, scheduler.view().attempts(recipient));
            assertEquals(0, scheduler.view().inFlightCount(scheduler.view().destinationOf(recipient)));
        });
        routes.unknown.clear();
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of("c.test", "b.test"), transport.nextHops);
        assertEquals(0, rig.messageCount());
    }

    @Test
    void waitsForRoutesThatHaveToBeLookedUp() {
        routes.isSlow = true;
        routes.moved.put("b.test", "hub.test");
        routes.unknown.add("d.test");
        start();
        rig.accept(to("u@b.test", "v@c.test", "w@d.test"), "x\n");
        rig.settle();
        assertEquals(List.of(), transport.nextHops);
        answerLookups();
        answerLookups();
        assertEquals(
                List.of("c.test", "hub.test"),
                transport.nextHops.stream().sorted().toList());
        assertEquals(1, rig.messageCount());
        routes.unknown.clear();
        rig.advance(Duration.ofHours(1));
        answerLookups();
        assertEquals(0, rig.messageCount());
    }

    /** One table does not answer: mail for other destinations is delivered meanwhile. */
    @Test
    void deliversToOthersWhileARouteIsLookedUp() {
        routes.slow.add("slow.test");
        start();
        for (int i = 0; i < 30; i++) {
            rig.accept(to("u@slow.test", "u@d" + i + ".test"), "x\n");
        }
        rig.settle();
        assertEquals(30, transport.nextHops.size());
        assertFalse(transport.nextHops.contains("slow.test"));
        assertFalse(routes.lookups.isEmpty());
        routes.moved.put("slow.test", "hub.test");
        // A place in the destination's window comes free with each answer.
        while (!routes.lookups.isEmpty()) {
            answerLookups();
        }
        assertEquals(0, rig.messageCount());
        assertEquals(30, transport.nextHops.stream().filter("hub.test"::equals).count());
    }

    /** It is deleted, or held, while its routes are looked up. */
    @Test
    void forgetsAnAnswerThatComesTooLate() {
        routes.isSlow = true;
        routes.moved.put("b.test", "hub.test");
        start();
        long gone = QueueId.parse(rig.accept(to("u@b.test"), "x\n"));
        long held = QueueId.parse(rig.accept(to("v@b.test"), "x\n"));
        rig.settle();
        rig.request(view -> view.changes().delete(gone));
        rig.request(view -> view.changes().hold(held));
        answerLookups();
        answerLookups();
        assertEquals(List.of(), transport.nextHops);
        assertEquals(1, rig.messageCount());
        rig.request(view -> assertEquals(0, rig.scheduler().view().destinationCount() - 1));
        rig.request(view -> view.changes().release(held));
        rig.settle();
        answerLookups();
        answerLookups();
        assertEquals(List.of("hub.test"), transport.nextHops);
        assertEquals(0, rig.messageCount());
    }
}
