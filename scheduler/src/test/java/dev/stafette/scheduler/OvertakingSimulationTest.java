// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What overtaking promises, whatever comes: checked at each entry against what was sent. */
class OvertakingSimulationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int EVENTS = 4000;
    private static final int DESTINATIONS = 3;

    /** One message at one destination, in entries. */
    private static final class Sent {
        final int total;
        final int recipients;
        final long arrivedAt;
        /** Entries of all that came before and had not gone when it came. */
        final int ahead;

        int taken;
        int nextIndex;
        long begunAt = -1;

        Sent(int recipients, int total, long arrivedAt, int ahead) {
            this.recipients = recipients;
            this.total = total;
            this.arrivedAt = arrivedAt;
            this.ahead = ahead;
        }
    }

    /** Entries handed out, and what is under way, of one destination. */
    private static final class Line {
        long taken;
        final Map<Long, Sent> open = new HashMap<>();
    }

    private final SinkRecord sink = new SinkRecord();
    private final Map<String, Line> lines = new HashMap<>();
    private final List<Entry> inFlight = new ArrayList<>();
    private Random random = new Random();
    private Scheduler scheduler;
    private DeliverySlots slots = DeliverySlots.DEFAULTS;
    private int recipientLimit;
    private long nowNs;
    private long lastQueueId;
    private int sentRecipients;
    private int takenRecipients;

    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void slowsNobodyDownTooMuchAndLosesNothing(long seed) {
        random = new Random(seed);
        slots = new DeliverySlots(2 + random.nextInt(6), random.nextInt(5), random.nextInt(101), random.nextInt(5));
        recipientLimit = 1 + random.nextInt(5);
        TransportSettings smtp = TransportSettings.DEFAULTS
                .withConcurrency(1 + random.nextInt(4), 5)
                .withRecipientLimit(recipientLimit)
                .withSlots(slots);
        scheduler = new Scheduler(
                new SchedulerSettings(smtp, Map.of(), SECOND, SECOND, Long.MAX_VALUE / 4, SECOND, 0, true, 1_000_000),
                seed,
                0);
        for (int i = 0; i < EVENTS; i++) {
            event();
        }
        while (takenRecipients < sentRecipients) {
            poll();
            deliverAll();
        }
        lines.values().forEach(line -> assertEquals(Map.of(), line.open));
        assertEquals(0, scheduler.view().count(RecipientStatus.READY));
    }

    private void event() {
        nowNs += random.nextInt(3) * SECOND / 2;
        switch (random.nextInt(8)) {
            case 0 -> send(1);
            case 1 -> send(random.nextInt(50) == 0 ? 1 + random.nextInt(2000) : 1 + random.nextInt(20));
            case 2 -> deliverAll();
            default -> {
                poll();
                if (!inFlight.isEmpty()) {
                    deliver(inFlight.remove(random.nextInt(inFlight.size())));
                }
            }
        }
    }

    private void send(int recipients) {
        String hop = "site" + random.nextInt(DESTINATIONS);
        Line line = lines.computeIfAbsent(hop, name -> new Line());
        int ahead = line.open.values().stream().mapToInt(sent -> sent.total).sum();
        long queueId = ++lastQueueId;
        int message = scheduler.addMessage(queueId, nowNs, false, 0, 0);
        for (int i = 0; i < recipients; i++) {
            scheduler.addReady(message, i, scheduler.destination("smtp", hop));
        }
        int entries = (recipients + recipientLimit - 1) / recipientLimit;
        line.open.put(queueId, new Sent(recipients, entries, line.taken, ahead));
        sentRecipients += recipients;
    }

    private void poll() {
        scheduler.poll(nowNs, sink, 1 + random.nextInt(3));
        sink.takeEntries().forEach(this::check);
    }

    private void check(Entry entry) {
        inFlight.add(entry);
        Line line = lines.get(scheduler.view().nextHopOf(entry.destination()));
        Sent sent = line.open.get(entry.queueId());
        assertTrue(sent != null, "an entry too many");
        for (int index : entry.envelopeIndexes()) {
            assertEquals(sent.nextIndex++, index, "out of order within a message");
            takenRecipients++;
        }
        double factor = slots.cost() / (slots.cost() - 1.0);
        if (sent.begunAt < 0) {
            sent.begunAt = line.taken;
            long waited = line.taken - sent.arrivedAt;
            assertTrue(waited <= sent.ahead * factor, () -> "began after " + waited + " with " + sent.ahead + " ahead");
        }
        line.taken++;
        sent.taken++;
        if (sent.nextIndex == sent.recipients) {
            assertEquals(sent.total, sent.taken);
            long span = line.taken - sent.begunAt;
            assertTrue(span <= sent.total * factor, () -> sent.total + " entries within " + span);
            line.open.remove(entry.queueId());
        }
    }

    private void deliverAll() {
        inFlight.forEach(this::deliver);
        inFlight.clear();
    }

    private void deliver(Entry entry) {
        for (int i = 0; i < entry.size(); i++) {
            scheduler.settleDone(entry, i);
        }
        scheduler.finish(entry, null, nowNs);
        if (scheduler.view().isDone(entry.message())) {
            scheduler.commands().remove(entry.message());
        }
    }
}
