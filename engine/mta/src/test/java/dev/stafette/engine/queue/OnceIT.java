// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.testing.OneTry;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.engine.queue.FakeTransport.Arrival;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing is reported twice and nobody gets a message twice, whenever the process ends and however often. */
@Timeout(180)
@ExtendWith(OneTry.class)
class OnceIT {
    private static final MailAddress SENDER = MailAddress.of("s", "a.test");
    private static final String TEXT = "From: s@a.test\nSubject: lunch\n\nthe body\n";
    private static final int STARTS = 4;

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final QueueRig.Options options = queue.options();

    /** What workers are given while they are slow. */
    private final ArrayDeque<Runnable> slow = new ArrayDeque<>();

    private QueueRig rig;

    /** Too late to be heard; the buffers of a report are released. */
    private void answerLate() {
        slow.remove().run();
    }

    private void start() {
        rig = queue.start();
    }

    private void restart() {
        queue.crash();
        start();
    }

    private static EnvelopeRecipient to(String localPart, int notify) {
        return new EnvelopeRecipient(MailAddress.of(localPart, "b.test"), notify, null);
    }

    private static Envelope envelope(EnvelopeRecipient... recipients) {
        return new Envelope(
                SENDER, false, false, DsnReturn.FULL, null, TraceMode.NONE, null, Arrays.asList(recipients));
    }

    private List<String> arrivalsFor(MailAddress recipient) {
        return transport.arrivals.stream()
                .filter(one -> one.recipient().address().equals(recipient))
                .map(Arrival::text)
                .toList();
    }

    private List<String> reports() {
        return arrivalsFor(SENDER);
    }

    private void waits(String localPart) {
        transport.answer(localPart + "@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
    }

    private void fails(String localPart) {
        transport.answer(localPart + "@b.test", FakeTransport.bounced("550 5.1.1 no such user"));
    }

    @Test
    void sendsOneReportOfWhatWasOwedAtARestartWhateverIsCheckpointedAfterwards() {
        waits("u");
        fails("v");
        options.workers = slow::add;
        start();
        rig.accept(envelope(to("u", 0), to("v", 0)), TEXT);
        rig.settle();
        options.workers = Runnable::run;
        for (int i = 0; i < STARTS; i++) {
            restart();
            assertEquals(1, reports().size(), rig.events.toString());
        }
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        rig.advance(Duration.ofHours(3));
        assertEquals(0, rig.messageCount());
    }

    @Test
    void triesNobodyAgainWhoComesBehindTheLastOneThatWaits() {
        waits("u");
        fails("w");
        start();
        rig.accept(envelope(to("u", 0), to("v", 0), to("w", 0)), TEXT);
        rig.settle();
        for (int i = 0; i < STARTS; i++) {
            restart();
        }
        assertEquals(1, arrivalsFor(MailAddress.of("v", "b.test")).size());
        assertEquals(1, reports().size());
        assertEquals(1, rig.messageCount());
    }

    @Test
    void sendsNoSecondReportWhenTheProcessEndsBeforeItNotesThatTheFirstIsAccepted() {
        waits("u");
        fails("v");
        transport.answer("w@b.test", FakeTransport.delivered(Handover.RELAYED));
        options.workers = slow::add;
        start();
        rig.accept(envelope(to("u", 0), to("v", 0), to("w", DsnNotify.SUCCESS)), TEXT);
        rig.settle();
        // The report on the failure is written and accepted; that it was is never said.
        slow.remove().run();
        rig.settle();
        assertEquals(1, reports().size());
        options.workers = Runnable::run;
        for (int i = 0; i < STARTS; i++) {
            restart();
            // One of each kind.
            assertEquals(2, reports().size(), rig.events.toString());
        }
        answerLate();
    }

    @Test
    void sendsNoSecondWarningWhenTheProcessEndsBeforeItNotesThatTheFirstIsAccepted() {
        options.delayWarning = Duration.ofHours(1);
        options.workers = slow::add;
        waits("u");
        start();
        rig.accept(envelope(to("u", 0)), TEXT);
        rig.settle();
        while (slow.isEmpty()) {
            rig.advance(Duration.ofHours(1));
        }
        slow.remove().run();
        rig.settle();
        assertEquals(1, reports().size());
        options.workers = Runnable::run;
        for (int i = 0; i < STARTS; i++) {
            restart();
            rig.advance(Duration.ofHours(3));
            assertEquals(1, reports().size(), rig.events.toString());
        }
        answerLate();
    }

    @Test
    void hasRecipientsInTheMessageOrInItsCopyAndNeverInBoth() {
        waits("u");
        waits("v");
        start();
        Envelope envelope = envelope(to("u", 0), to("v", 0));
        String id = rig.accept(envelope, TEXT);
        rig.settle();
        rig.accept(envelope, TEXT, suspend(id));
        // The process ends before the copy's acceptance is told.
        transport.answer("u@b.test", FakeTransport.outcomeOfSuccess());
        transport.answer("v@b.test", FakeTransport.outcomeOfSuccess());
        for (int i = 0; i < STARTS; i++) {
            restart();
            rig.advance(Duration.ofHours(3));
        }
        assertEquals(1, arrivalsFor(MailAddress.of("u", "b.test")).size());
        assertEquals(1, arrivalsFor(MailAddress.of("v", "b.test")).size());
        assertEquals(0, rig.messageCount());
    }

    private TakenOver suspend(String id) {
        List<TakenOver> suspended = new ArrayList<>();
        rig.request(view -> suspended.add(view.changes().suspend(QueueId.parse(id))));
        return suspended.get(0);
    }

    @Test
    void warnsOnceOfAMessageAndItsCopies() {
        options.delayWarning = Duration.ofHours(1);
        waits("u");
        start();
        Envelope envelope = envelope(to("u", 0));
        String id = rig.accept(envelope, TEXT);
        rig.settle();
        rig.advance(Duration.ofHours(1));
        rig.advance(Duration.ofHours(2));
        assertEquals(1, reports().size());
        for (int i = 0; i < 3; i++) {
            TakenOver suspended = suspend(id);
            id = rig.accept(envelope, TEXT, suspended);
            rig.request(view -> view.changes().resume(suspended, true));
            assertEquals(1, rig.messageCount());
            rig.advance(Duration.ofHours(3));
            restart();
            rig.advance(Duration.ofHours(3));
            assertEquals(1, reports().size(), rig.events.toString());
        }
    }

    @Test
    void doesNotCallBackWhatIsOnItsWayToAnotherId() {
        waits("u");
        start();
        String id = rig.accept(envelope(to("u", 0)), TEXT);
        rig.settle();
        TakenOver suspended = suspend(id);
        rig.request(view -> {
            long queueId = QueueId.parse(id);
            assertFalse(view.changes().delete(queueId));
            view.changes().resume(suspended, false);
            view.changes().delete(queueId);
            assertNull(view.queueOf(queueId));
        });
    }

    @Test
    void reportsAllThatExpireAtOnceThoughTheMessageIsReadBackOnlyThen() {
        waits("u");
        waits("v");
        start();
        rig.accept(envelope(to("u", 0), to("v", 0)), TEXT);
        rig.settle();
        ArrayDeque<Runnable> reads = new ArrayDeque<>();
        options.reading = reads::add;
        restart();
        for (int hours = 0; reads.isEmpty(); hours++) {
            assertFalse(hours > 200, rig.events.toString());
            rig.advance(Duration.ofHours(1));
            if (hours < 119) {
                // Retries, before the time is up.
                reads.forEach(Runnable::run);
                reads.clear();
            }
        }
        rig.settle();
        // What was asked for last comes first.
        while (!reads.isEmpty()) {
            reads.removeLast().run();
            rig.settle();
        }
        assertEquals(1, reports().size());
        assertEquals(
                2, reports().get(0).lines().filter("Action: failed"::equals).count());
        assertEquals(0, rig.messageCount());
    }
}
