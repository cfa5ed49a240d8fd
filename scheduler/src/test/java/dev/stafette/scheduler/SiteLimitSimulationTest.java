// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Destinations that share sites and move between them, sites that fail, operators: no site ever has more than its limit. */
class SiteLimitSimulationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int EVENTS = 3000;
    private static final int DESTINATIONS = 12;
    private static final int SITES = 3;

    private final SinkRecord sink = new SinkRecord();
    private final Map<Integer, Integer> siteOfHop = new HashMap<>();
    private final List<Entry> inFlight = new ArrayList<>();
    private final Map<String, Integer> inFlightBySite = new HashMap<>();
    private final Set<Integer> learning = new HashSet<>();
    private Random random = new Random();
    private Scheduler scheduler;
    private int limit;
    private boolean mayFail = true;
    private long nowNs;
    private long lastQueueId;
    private int sent;
    private int delivered;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private SchedulerSettings settings() {
        TransportSettings smtp = TransportSettings.DEFAULTS
                .withConcurrency(1 + random.nextInt(4), 5)
                .withLookAhead(random.nextBoolean() ? 1 : 0)
                .withSiteConcurrency(limit);
        return new SchedulerSettings(
                smtp, Map.of(), 10 * SECOND, 20 * SECOND, Long.MAX_VALUE / 4, SECOND, 0.1, true, 1_000_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverExceedsTheLimitAndDeliversEverything(long seed) {
        random = new Random(seed);
        limit = 1 + random.nextInt(4);
        scheduler = new Scheduler(settings(), seed, 0);
        for (int i = 0; i < EVENTS; i++) {
            event();
        }
        mayFail = false;
        for (int i = 0; delivered < sent; i++) {
            assertTrue(i < 100_000, () -> delivered + " of " + sent + " delivered, and the rest stays");
            nowNs += SECOND;
            poll();
            end();
        }
        assertEquals(Map.of(), inFlightBySite);
        nowNs += 100 * SECOND;
        poll();
        assertEquals(0, scheduler.view().destinationCount());
        assertEquals(Long.MAX_VALUE, scheduler.nextDeadlineNs());
    }

    private void event() {
        nowNs += random.nextInt(4) * SECOND / 4;
        int roll = random.nextInt(100);
        if (roll < 25) {
            int count = 1 + random.nextInt(3);
            int message = scheduler.addMessage(++lastQueueId, nowNs, false, 0, 0);
            for (int i = 0; i < count; i++) {
                int hop = random.nextInt(DESTINATIONS);
                scheduler.addReady(message, i, scheduler.destination("smtp", "d" + hop));
            }
            sent += count;
        } else if (roll < 60) {
            poll();
        } else if (roll < 93) {
            end();
        } else if (roll < 95) {
            siteOfHop.put(random.nextInt(DESTINATIONS), random.nextInt(SITES));
        } else if (roll < 98) {
            scheduler.commands().flush();
        } else if (inFlight.isEmpty()) {
            limit = 1 + random.nextInt(4);
            scheduler.reload(settings());
        }
    }

    private void poll() {
        scheduler.poll(nowNs, sink, 1 + random.nextInt(20));
        for (Entry entry : sink.takeEntries()) {
            inFlight.add(entry);
            String site = entry.site();
            if (site.isEmpty()) {
                assertTrue(learning.add(entry.destination()), "two find out the same");
            } else {
                int count = inFlightBySite.merge(site, 1, Integer::sum);
                assertTrue(count <= limit, () -> count + " at " + site + ", limit " + limit);
            }
        }
        sink.takeSuspended();
    }

    private String siteNow(Entry entry) {
        int hop =
                Integer.parseInt(scheduler.view().nextHopOf(entry.destination()).substring(1));
        return "mx" + siteOfHop.computeIfAbsent(hop, any -> hop % SITES);
    }

    /** As a transport does: what was sent for another site comes back untried. */
    private void end() {
        if (inFlight.isEmpty()) {
            return;
        }
        Entry entry = inFlight.remove(random.nextInt(inFlight.size()));
        String site = entry.site();
        if (site.isEmpty()) {
            learning.remove(entry.destination());
        } else {
            inFlightBySite.compute(site, (name, count) -> count == 1 ? null : count - 1);
        }
        boolean lost = mayFail && random.nextInt(10) == 0;
        String now = lost ? "" : siteNow(entry);
        scheduler.learnSite(entry, now);
        if (!lost && !now.equals(site)) {
            scheduler.giveBack(entry, nowNs);
            return;
        }
        boolean fails = lost || mayFail && random.nextInt(6) == 0;
        for (int i = 0; i < entry.size(); i++) {
            if (fails) {
                scheduler.settleDeferred(entry, i, nowNs, "refused");
            } else {
                scheduler.settleDone(entry, i);
                delivered++;
            }
        }
        scheduler.finish(entry, fails ? "refused" : null, nowNs);
        if (scheduler.view().isDone(entry.message())) {
            scheduler.commands().remove(entry.message());
        }
    }
}
