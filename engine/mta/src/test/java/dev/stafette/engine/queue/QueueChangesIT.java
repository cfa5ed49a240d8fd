// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.engine.queue.FakeTransport.Arrival;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operators, outcomes and crashes in any order, on a real spool: whoever is not deleted is delivered or reported, and
 * nothing is tried that is deleted or held.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueChangesIT {
    private static final int STEPS = 300;
    private static final MailAddress SENDER = MailAddress.of("me", "sender.test");

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();
    private final Map<String, Set<String>> recipientsById = new HashMap<>();
    private final Set<String> deleted = new TreeSet<>();
    private final Set<String> held = new TreeSet<>();
    private final Set<String> expired = new HashSet<>();
    private int recipientNumber;
    private QueueRig rig;

    private void open() {
        rig = queue.open();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNobodyAndTriesNobodyWhoMayNotBe(long seed) {
        Random random = new Random(seed);
        transport.keepRequests();
        open();
        for (int step = 0; step < STEPS; step++) {
            step(random);
            for (DeliveryRequest request : transport.kept()) {
                assertFalse(untouchable.contains(request), () -> "seed " + seed + ": " + rig.events);
            }
        }
        finish();
        Set<String> arrived = new HashSet<>();
        int reports = 0;
        for (Arrival arrival : transport.arrivals) {
            arrived.add(arrival.recipient().address().external());
            reports += arrival.envelope().sender().isNull() ? 1 : 0;
        }
        Set<String> missing = new TreeSet<>();
        recipientsById.forEach((id, recipients) -> {
            if (!deleted.contains(id) && !expired.contains(id)) {
                missing.addAll(recipients);
            }
        });
        missing.removeAll(arrived);
        assertEquals(Set.of(), missing, () -> "seed " + seed + ": " + rig.events);
        assertEquals(0, rig.messageCount(), () -> "seed " + seed + ": " + rig.events);
        assertEquals(0, rig.domainCount());
        assertTrue(expired.isEmpty() || reports > 0);
    }

    /** Requests that came when they may not have. */
    private final Set<DeliveryRequest> untouchable = new HashSet<>();

    private void step(Random random) {
        int before = transport.kept().size();
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> accept(random);
            case 3, 4, 5 -> answer(random);
            case 6 -> change(random, "delete");
            case 7 -> change(random, "hold");
            case 8 -> change(random, "release");
            case 9 -> change(random, "expire");
            case 10 -> move(random);
            default -> {
                if (random.nextInt(4) == 0) {
                    crash();
                    before = 0;
                } else {
                    rig.advance(Duration.ofMinutes(random.nextInt(120)));
                }
            }
        }
        rig.settle();
        for (DeliveryRequest request : transport
                .kept()
                .subList(
                        Math.min(before, transport.kept().size()),
                        transport.kept().size())) {
            if (deleted.contains(request.queueId()) || held.contains(request.queueId())) {
                untouchable.add(request);
            }
        }
    }

    private void accept(Random random) {
        List<EnvelopeRecipient> recipients = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String domain = "d" + random.nextInt(4) + ".test";
            recipients.add(new EnvelopeRecipient(MailAddress.of("r" + recipientNumber++, domain)));
        }
        accept(Envelope.of(SENDER, recipients), null);
    }

    private void accept(Envelope envelope, @Nullable TakenOver takesOver) {
        String id = rig.accept(envelope, "Subject: x\n\nbody\n", takesOver);
        Set<String> addresses = new HashSet<>();
        envelope.recipients()
                .forEach(recipient -> addresses.add(recipient.address().external()));
        recipientsById.put(id, addresses);
    }

    private void answer(Random random) {
        if (transport.kept().isEmpty()) {
            return;
        }
        DeliveryRequest request =
                transport.kept().remove(random.nextInt(transport.kept().size()));
        boolean refuse = random.nextInt(3) == 0;
        for (int index : request.recipients()) {
            String address =
                    request.envelope().recipients().get(index).address().external();
            transport.answer(
                    address, refuse ? FakeTransport.deferred("450 4.2.0 later") : FakeTransport.outcomeOfSuccess());
        }
        transport.answer(request);
    }

    private String anyId(Random random) {
        List<String> ids = new ArrayList<>(new TreeSet<>(recipientsById.keySet()));
        return ids.isEmpty() ? "" : ids.get(random.nextInt(ids.size()));
    }

    private void change(Random random, String what) {
        String id = anyId(random);
        rig.request(view -> {
            long queueId = QueueId.parse(id);
            if (view.queueOf(queueId) == null) {
                return;
            }
            switch (what) {
                case "delete" -> {
                    view.changes().delete(queueId);
                    deleted.add(id);
                }
                case "hold" -> {
                    view.changes().hold(queueId);
                    held.add(id);
                }
                case "release" -> {
                    view.changes().release(queueId);
                    held.remove(id);
                }
                default -> {
                    view.changes().expire(queueId);
                    expired.add(id);
                }
            }
        });
    }

    /** As a requeue: the waiting recipients go to another message, or that fails. */
    private void move(Random random) {
        String id = anyId(random);
        if (deleted.contains(id) || held.contains(id) || expired.contains(id) || id.isEmpty()) {
            return;
        }
        List<TakenOver> waiting = new ArrayList<>();
        List<EnvelopeRecipient> moved = new ArrayList<>();
        rig.request(view -> {
            ActiveMessage message = rig.active(id);
            if (message != null) {
                Envelope envelope = message.envelope();
                TakenOver suspended = view.changes().suspend(message.queueId());
                suspended
                        .recipients()
                        .forEach(index -> moved.add(envelope.recipients().get(index)));
                if (!moved.isEmpty()) {
                    waiting.add(suspended);
                }
            }
        });
        if (waiting.isEmpty()) {
            return;
        }
        boolean fails = random.nextInt(3) == 0;
        if (!fails) {
            accept(Envelope.of(SENDER, moved), waiting.get(0));
            // What becomes of them is the new message's business, which may be deleted or expire.
            Set<String> left = recipientsById.getOrDefault(id, Set.of());
            moved.forEach(recipient -> left.remove(recipient.address().external()));
        }
        rig.request(view -> view.changes().resume(waiting.get(0), !fails));
    }

    private void crash() {
        rig.settle();
        queue.crash();
        transport.kept().clear();
        open();
    }

    /** Everything is released and delivered at the end. */
    private void finish() {
        for (String id : recipientsById.keySet()) {
            rig.request(view -> view.changes().release(QueueId.parse(id)));
        }
        for (int i = 0; i < 50 && rig.messageCount() > 0; i++) {
            rig.advance(Duration.ofMinutes(90));
            while (!transport.kept().isEmpty()) {
                DeliveryRequest request = transport.kept().remove(0);
                for (int index : request.recipients()) {
                    transport.answer(
                            request.envelope().recipients().get(index).address().external(),
                            FakeTransport.outcomeOfSuccess());
                }
                transport.answer(request);
                rig.settle();
            }
        }
    }
}
