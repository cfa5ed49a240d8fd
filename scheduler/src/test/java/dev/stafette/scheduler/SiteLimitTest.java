// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two attempts at most to one site, over all its destinations. */
class SiteLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String MX = "mx1.test,mx2.test";

    private final SinkRecord sink = new SinkRecord();
    private final Scheduler scheduler = new Scheduler(settings(2), 1, 0);
    private long nowNs;
    private long lastQueueId;

    private static SchedulerSettings settings(int siteLimit) {
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                like.defaults(),
                Map.of("smtp", TransportSettings.DEFAULTS.withSiteConcurrency(siteLimit)),
                like.minimalBackoffNs(),
                like.maximalBackoffNs(),
                like.lifetimeNs(),
                like.bounceLifetimeNs(),
                0,
                true,
                like.recipientCountMax());
    }

    private int send(String hop) {
        int message = scheduler.addMessage(++lastQueueId, nowNs, false, 0, 0);
        return scheduler.addReady(message, 0, scheduler.destination("smtp", hop));
    }

    private List<Entry> poll() {
        scheduler.poll(nowNs, sink, 1000);
        return sink.takeEntries();
    }

    private Entry pollOne() {
        List<Entry> entries = poll();
        assertEquals(1, entries.size());
        return entries.get(0);
    }

    private String hop(Entry entry) {
        return scheduler.view().nextHopOf(entry.destination());
    }

    private List<String> hops(List<Entry> entries) {
        return entries.stream().map(this::hop).toList();
    }

    private void deliver(Entry entry, String site) {
        scheduler.learnSite(entry, site);
        scheduler.settleDone(entry, 0);
        scheduler.finish(entry, null, nowNs);
        scheduler.commands().remove(entry.message());
    }

    private void giveBack(Entry entry, String site) {
        scheduler.learnSite(entry, site);
        scheduler.giveBack(entry, nowNs);
    }

    /** Each of the destinations, with so many messages, has told its site. */
    private void sendKnown(int count, String... hops) {
        for (int i = 0; i < count; i++) {
            for (String hop : hops) {
                send(hop);
            }
        }
        List<Entry> first = poll();
        assertEquals(hops.length, first.size());
        first.forEach(entry -> giveBack(entry, MX));
    }

    @Test
    void findsTheSiteOutWithOneAttemptAndNoPlace() {
        send("a.test");
        int second = send("a.test");
        Entry first = pollOne();
        assertEquals("", first.site());
        assertEquals(List.of(), poll());
        assertEquals(
                "the first attempt, which learns its site",
                scheduler.view().blockedByOf(second).reason());
        giveBack(first, MX);
        List<Entry> both = poll();
        assertEquals(List.of(1L, 2L), both.stream().map(Entry::queueId).toList());
        assertEquals(List.of(MX, MX), both.stream().map(Entry::site).toList());
    }

    @Test
    void triesAgainAloneWhenTheFirstAttemptTellsNothing() {
        send("a.test");
        send("a.test");
        deliver(pollOne(), "");
        assertEquals("", pollOne().site());
    }

    @Test
    void keepsTheDestinationsOfASiteWithinItsLimit() {
        sendKnown(3, "a.test", "b.test", "c.test");
        List<Entry> inFlight = new ArrayList<>(poll());
        assertEquals(List.of("a.test", "b.test"), hops(inFlight));
        List<String> served = new ArrayList<>(hops(inFlight));
        while (!inFlight.isEmpty()) {
            deliver(inFlight.remove(0), MX);
            List<Entry> next = poll();
            assertTrue(next.size() + inFlight.size() <= 2);
            served.addAll(hops(next));
            inFlight.addAll(next);
        }
        assertEquals(9, served.size());
        assertEquals(
                "abcabcabc",
                String.join("", served.stream().map(hop -> hop.substring(0, 1)).toList()));
    }

    @Test
    void namesWhatADestinationWaitsFor() {
        sendKnown(1, "a.test", "b.test", "c.test");
        poll();
        int waiting = scheduler.destination("smtp", "c.test");
        assertEquals(
                new BlockedBy("site concurrency limit of 2 for " + MX, BlockedBy.UNTIL_EVENT),
                scheduler.view().blockedBy(waiting));
        assertEquals(2, scheduler.view().count(RecipientStatus.IN_FLIGHT));
    }

    @Test
    void letsOtherSitesGoOn() {
        sendKnown(1, "a.test", "b.test", "c.test");
        assertEquals(2, poll().size());
        send("d.test");
        giveBack(pollOne(), "mx3.test");
        assertEquals("mx3.test", pollOne().site());
    }

    @Test
    void doesNotPollWhileASiteIsFull() {
        String[] hops = new String[100];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = "d" + i + ".test";
        }
        sendKnown(2, hops);
        List<Entry> inFlight = poll();
        assertEquals(2, inFlight.size());
        long before = scheduler.stepCount();
        for (int i = 0; i < 10; i++) {
            nowNs += SECOND;
            assertEquals(List.of(), poll());
        }
        assertEquals(10, scheduler.stepCount() - before, "a look at the lane each");
        deliver(inFlight.get(0), MX);
        before = scheduler.stepCount();
        assertEquals("d2.test", hop(pollOne()));
        assertTrue(scheduler.stepCount() - before <= 4);
    }

    @Test
    void sharesASiteEquallyWhateverWaits() {
        for (int i = 0; i < 200; i++) {
            send("big.test");
        }
        sendKnown(10, "a.test", "big.test");
        Map<String, Integer> served = new HashMap<>();
        List<Entry> inFlight = new ArrayList<>(poll());
        for (int i = 0; i < 18; i++) {
            served.merge(hop(inFlight.get(0)), 1, Integer::sum);
            deliver(inFlight.remove(0), MX);
            inFlight.addAll(poll());
        }
        assertEquals(Map.of("a.test", 9, "big.test", 9), served);
    }

    @Test
    void freesThePlaceOfAWokenDestinationThatHasNothingLeft() {
        sendKnown(1, "a.test", "b.test", "c.test", "d.test");
        List<Entry> inFlight = poll();
        int message = scheduler.view().messageOf(recipientFor("c.test"));
        deliver(inFlight.get(0), MX);
        scheduler.commands().hold(message);
        assertEquals(List.of("d.test"), hops(poll()));
    }

    private int recipientFor(String hop) {
        int[] found = {Scheduler.NONE};
        scheduler.view().walkMessages(0, Integer.MAX_VALUE, message -> {
            int recipient = scheduler.view().firstRecipient(message);
            if (scheduler.view().status(recipient) != RecipientStatus.DONE
                    && scheduler
                            .view()
                            .nextHopOf(scheduler.view().destinationOf(recipient))
                            .equals(hop)) {
                found[0] = recipient;
            }
        });
        return found[0];
    }

    @Test
    void followsADestinationToAnotherSite() {
        sendKnown(1, "a.test", "b.test");
        List<Entry> inFlight = poll();
        assertEquals(List.of("a.test", "b.test"), hops(inFlight));
        send("c.test");
        giveBack(pollOne(), MX);
        send("a.test");
        send("a.test");
        assertEquals(List.of(), poll(), "they wait");
        // a.test has moved: what was under way keeps its place until it ends, and what comes next goes to the new one.
        deliver(inFlight.get(0), "mx9.test");
        List<Entry> next = poll();
        Map<String, String> sites = new HashMap<>();
        next.forEach(entry -> sites.put(hop(entry), entry.site()));
        assertEquals(Map.of("c.test", MX, "a.test", "mx9.test"), sites);
        assertEquals(3, next.size(), "two of a.test");
    }

    @Test
    void letsAWaitingDestinationGoWhenItsSiteHasChanged() {
        sendKnown(2, "a.test");
        List<Entry> both = poll();
        send("b.test");
        giveBack(pollOne(), MX);
        assertEquals(List.of(), poll());
        int waiting = scheduler.destination("smtp", "b.test");
        assertEquals(
                "site concurrency limit of 2 for " + MX,
                scheduler.view().blockedBy(waiting).reason());
        // The one that is under way to b.test itself is told of the change: none is, so a place must come first.
        deliver(both.get(0), MX);
        giveBack(pollOne(), "mx9.test");
        assertEquals("mx9.test", pollOne().site());
    }

    @Test
    void goesByANewLimitOnReload() {
        sendKnown(3, "a.test", "b.test", "c.test");
        assertEquals(2, poll().size());
        scheduler.reload(settings(3));
        assertEquals(List.of("c.test"), hops(poll()));
        scheduler.reload(settings(0));
        List<Entry> rest = poll();
        assertEquals(6, rest.size());
        rest.forEach(entry -> assertNull(entry.site()));
        rest.forEach(entry -> deliver(entry, MX));
    }

    @Test
    void knowsNoSitesWithoutALimit() {
        scheduler.reload(settings(0));
        send("a.test");
        Entry entry = pollOne();
        assertNull(entry.site());
        deliver(entry, MX);
        assertEquals(0, scheduler.view().destinationCount());
    }

    @Test
    void survivesADeadDestinationInLine() {
        sendKnown(4, "a.test", "b.test", "c.test");
        List<Entry> inFlight = poll();
        assertEquals(List.of("a.test", "b.test"), hops(inFlight));
        scheduler.commands().flushDestination(scheduler.destination("smtp", "c.test"));
        assertEquals(List.of(), poll(), "an operator's word makes no room");
        deliver(inFlight.get(0), MX);
        assertEquals(List.of("c.test"), hops(poll()));
    }
}
