// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.scheduler.SinkRecord.Expired;
import dev.stafette.scheduler.SinkRecord.Suspended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3600 * SECOND;
    private static final long DAY = 24 * HOUR;
    private static final int LIMIT = 1000;

    /** As a monotonic clock may have it. */
    private static final long START = -5 * SECOND;

    private final SinkRecord sink = new SinkRecord();
    private Scheduler scheduler = scheduler(SchedulerSettings.DEFAULTS);
    private long nowNs = START;
    private long nextQueueId = 1;

    private static Scheduler scheduler(SchedulerSettings settings) {
        return new Scheduler(settings, 1, START);
    }

    private static SchedulerSettings with(TransportSettings transport, long lifetimeNs, long bounceLifetimeNs) {
        return new SchedulerSettings(
                transport, Map.of(), 300 * SECOND, 4000 * SECOND, lifetimeNs, bounceLifetimeNs, 0.15, true, 1000);
    }

    private int message() {
        return scheduler.addMessage(nextQueueId++, nowNs, false, 0, 0);
    }

    /** A message with one ready recipient for each of the sites. */
    private int send(String... sites) {
        int message = message();
        for (int i = 0; i < sites.length; i++) {
            scheduler.addReady(message, i, scheduler.destination("smtp", sites[i]));
        }
        return message;
    }

    private List<Entry> poll() {
        scheduler.poll(nowNs, sink, LIMIT);
        return sink.takeEntries();
    }

    private List<Entry> pollAfter(long ns) {
        nowNs += ns;
        return poll();
    }

    private Entry pollOne() {
        List<Entry> entries = poll();
        assertEquals(1, entries.size(), () -> "entries: " + entries);
        return entries.get(0);
    }

    private long defer(Entry entry, String siteFailure) {
        long dueNs = 0;
        for (int i = 0; i < entry.size(); i++) {
            dueNs = scheduler.settleDeferred(entry, i, nowNs, "try later");
        }
        scheduler.finish(entry, siteFailure, nowNs);
        return dueNs;
    }

    private void deliver(Entry entry) {
        for (int i = 0; i < entry.size(); i++) {
            scheduler.settleDone(entry, i);
        }
        scheduler.finish(entry, null, nowNs);
    }

    /** Three failures at once kill a fresh destination. */
    private int kill(String site) {
        for (int i = 0; i < 3; i++) {
            send(site);
        }
        List<Entry> entries = poll();
        int destination = entries.get(0).destination();
        for (Entry entry : entries) {
            defer(entry, "connection refused");
        }
        assertEquals(0, scheduler.view().window(destination));
        return destination;
    }

    private List<Long> queueIds(List<Entry> entries) {
        return entries.stream().map(Entry::queueId).toList();
    }

    @Test
    void handsOutRecipientsInTheOrderOfArrival() {
        for (int i = 0; i < 7; i++) {
            send("a.example");
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), queueIds(poll()), "the initial window");
    }

    @Test
    void gathersTheRecipientsOfOneMessageUpToTheLimit() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS.withRecipientLimit(3), DAY, DAY));
        String[] sites = {"a.example", "a.example", "b.example", "a.example", "a.example", "A.EXAMPLE"};
        send(sites);
        send("a.example");
        List<String> seen = new ArrayList<>();
        for (Entry entry : poll()) {
            seen.add(entry.queueId() + scheduler.view().nextHopOf(entry.destination()) + List.of(boxed(entry)));
        }
        assertEquals(List.of("1a.example[0, 1, 3]", "1b.example[2]", "1a.example[4, 5]", "2a.example[0]"), seen);
    }

    private static Integer[] boxed(Entry entry) {
        Integer[] boxed = new Integer[entry.size()];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = entry.envelopeIndexes()[i];
        }
        return boxed;
    }

    @Test
    void takesTurnsBetweenTransportsAndBetweenDestinations() {
        for (int i = 0; i < 3; i++) {
            send("a.example", "b.example");
        }
        int local = message();
        scheduler.addReady(local, 0, scheduler.destination("local", "here"));
        scheduler.addReady(message(), 0, scheduler.destination("local", "here"));
        List<String> hops = new ArrayList<>();
        for (Entry entry : poll()) {
            hops.add(scheduler.view().nextHopOf(entry.destination()).substring(0, 1));
        }
        assertEquals(8, hops.size());
        assertEquals(2, hops.subList(0, 4).stream().filter("h"::equals).count(), "local in its turns: " + hops);
        assertEquals(
                List.of("a", "b", "a", "b", "a", "b"),
                hops.stream().filter(hop -> !hop.equals("h")).toList());
    }

    @Test
    void givesEachMailboxADestinationOfItsOwnWhenAsked() {
        int one = scheduler.destination("local", "here", "ann");
        int two = scheduler.destination("local", "here", "bob");
        assertNotEquals(one, two);
        assertNotEquals(one, scheduler.destination("local", "here"));
        assertEquals(one, scheduler.destination("local", "HERE", "ann"));
        assertEquals("here", scheduler.view().nextHopOf(two));
    }

    @Test
    void forgetsADestinationThatNothingRefersTo() {
        scheduler.destination("smtp", "a.example");
        assertEquals(1, scheduler.view().destinationCount());
        poll();
        assertEquals(0, scheduler.view().destinationCount());
        send("a.example");
        deliver(pollOne());
        assertEquals(0, scheduler.view().destinationCount());
    }

    @Test
    void defersByTheAgeOfTheMessageWithinBounds() {
        int message = send("a.example");
        long first = defer(pollOne(), null) - nowNs;
        assertTrue(first >= 300 * SECOND && first <= 345 * SECOND, () -> "first: " + first);
        nowNs = START + 1000 * SECOND;
        long second = defer(pollOne(), null) - nowNs;
        assertTrue(second >= 1000 * SECOND && second <= 1150 * SECOND, () -> "second: " + second);
        nowNs = START + HOUR * 2;
        long third = defer(pollOne(), null) - nowNs;
        assertTrue(third >= 4000 * SECOND && third <= 4600 * SECOND, () -> "third: " + third);
        int recipient = scheduler.view().firstRecipient(message);
        assertEquals(3, scheduler.view().attempts(recipient));
        assertEquals("try later", scheduler.view().reasonOf(recipient));
        assertEquals(nowNs + third, scheduler.view().dueNs(recipient));
    }

    @Test
    void triesAgainWhenDueAndNotBefore() {
        send("a.example");
        long dueNs = defer(pollOne(), null);
        nowNs = dueNs - 1;
        assertEquals(List.of(), poll());
        assertTrue(scheduler.nextDeadlineNs() > nowNs);
        nowNs = dueNs + SECOND;
        assertEquals(1, poll().size());
    }

    @Test
    void keepsRecipientsOfOneMessageTogetherWhenDeferred() {
        send("a.example", "a.example", "a.example");
        Entry entry = pollOne();
        defer(entry, null);
        Entry again = pollAfter(400 * SECOND).get(0);
        assertEquals(3, again.size());
    }

    @Test
    void spreadsTheDueTimesOfDifferentMessages() {
        for (int i = 0; i < 5; i++) {
            send("a.example");
        }
        long distinct = poll().stream()
                .mapToLong(entry -> defer(entry, null))
                .distinct()
                .count();
        assertEquals(5, distinct);
    }

    @Test
    void repeatsARunWithTheSameSeed() {
        List<Long> runs = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            scheduler = new Scheduler(SchedulerSettings.DEFAULTS, seed, START);
            nextQueueId = 1;
            send("a.example");
            runs.add(defer(pollOne(), null));
        }
        assertEquals(runs.get(0), runs.get(1));
        assertNotEquals(runs.get(0), runs.get(2));
    }

    @Test
    void failsARecipientThatIsDeferredAfterItsLifetime() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS, DAY, HOUR));
        int normal = send("a.example");
        int bounce = scheduler.addMessage(99, nowNs, true, 0, 0);
        scheduler.addReady(bounce, 0, scheduler.destination("smtp", "b.example"));
        List<Entry> entries = poll();
        nowNs += HOUR + 1;
        assertNotEquals(Scheduler.EXPIRED, defer(entries.get(0), null));
        assertEquals(Scheduler.EXPIRED, defer(entries.get(1), null));
        assertFalse(scheduler.view().isDone(normal));
        assertTrue(scheduler.view().isDone(bounce));
    }

    @Test
    void failsAtTheFirstDeferralWithoutALifetime() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS, 0, 0));
        send("a.example");
        assertEquals(Scheduler.EXPIRED, defer(pollOne(), null));
    }

    @Test
    void expiresWhateverWaits() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS.withConcurrency(1, 1), HOUR, HOUR));
        int first = send("a.example", "b.example");
        int second = send("a.example");
        List<Entry> entries = poll();
        defer(entries.get(1), null);
        nowNs = START + HOUR + 2 * HOUR / 1024;
        assertEquals(List.of(), poll());
        assertEquals(
                List.of(
                        new Expired(
                                first,
                                scheduler.view().nextRecipient(scheduler.view().firstRecipient(first))),
                        new Expired(second, scheduler.view().firstRecipient(second))),
                sink.takeExpired());
        assertFalse(scheduler.view().isDone(first), "one is in flight");
        assertEquals(Scheduler.EXPIRED, defer(entries.get(0), null));
        assertTrue(scheduler.view().isDone(first) && scheduler.view().isDone(second));
    }

    @Test
    void givesWhatIsTooOldAtTheStartTheTimeOfOneAttempt() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS, HOUR, HOUR));
        int message = scheduler.addMessage(1, START - DAY, false, 0, 0);
        scheduler.addDeferred(message, 0, scheduler.destination("smtp", "a.example"), 9, START - DAY / 2, "old");
        Entry entry = pollAfter(SECOND).get(0);
        assertEquals(List.of(), sink.takeExpired());
        assertEquals(Scheduler.EXPIRED, defer(entry, null));
        assertEquals(10, scheduler.view().attempts(scheduler.view().firstRecipient(message)));
    }

    @Test
    void suspendsWhatWaitsForADeadDestination() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS.withConcurrency(3, 3), DAY, DAY));
        for (int i = 0; i < 3; i++) {
            send("a.example");
        }
        List<Entry> entries = poll();
        int waiting = send("a.example", "a.example");
        for (Entry entry : entries) {
            defer(entry, "connection refused");
        }
        assertEquals(List.of(), poll());
        List<Suspended> suspended = sink.takeSuspended();
        assertEquals(2, suspended.size());
        int recipient = scheduler.view().firstRecipient(waiting);
        Suspended first = suspended.get(0);
        assertEquals(
                new Suspended(
                        waiting,
                        recipient,
                        "connection refused",
                        scheduler.view().dueNs(recipient)),
                first);
        assertEquals(
                "delivery temporarily suspended: connection refused",
                scheduler.view().reasonOf(recipient));
        assertEquals(0, scheduler.view().attempts(recipient));
        assertEquals(RecipientStatus.DEFERRED, scheduler.view().status(recipient));
    }

    @Test
    void suspendsWhatArrivesForADeadDestination() {
        int destination = kill("a.example");
        assertEquals("delivery temporarily suspended: connection refused", blockedReason(destination));
        assertEquals(
                nowNs + 300 * SECOND, scheduler.view().blockedBy(destination).untilNs());
        send("a.example");
        assertEquals(List.of(), poll());
        assertEquals(1, sink.takeSuspended().size());
    }

    private String blockedReason(int destination) {
        return scheduler.view().blockedBy(destination).reason();
    }

    @Test
    void probesADeadDestinationWithOneAttempt() {
        int destination = kill("a.example");
        assertEquals(List.of(), pollAfter(300 * SECOND - 1));
        for (int i = 0; i < 8; i++) {
            send("a.example");
        }
        pollAfter(0);
        assertEquals(8, sink.takeSuspended().size());
        List<Entry> probe = pollAfter(50 * SECOND);
        assertEquals(1, probe.size());
        assertEquals("concurrency window of 1", blockedReason(destination));
        deliver(probe.get(0));
        assertEquals(2, scheduler.view().window(destination));
        assertEquals(2, poll().size());
    }

    @Test
    void killsADestinationAgainWhenItsProbeFails() {
        int destination = kill("a.example");
        List<Entry> probe = pollAfter(350 * SECOND);
        assertEquals(1, probe.size());
        defer(probe.get(0), "still refused");
        assertEquals("delivery temporarily suspended: still refused", blockedReason(destination));
        poll();
        assertEquals(2, sink.takeSuspended().size());
    }

    @Test
    void revivesADeadDestinationAtOnceWhenALateAttemptSucceeds() {
        for (int i = 0; i < 4; i++) {
            send("a.example");
        }
        List<Entry> entries = poll();
        for (Entry entry : entries.subList(0, 3)) {
            defer(entry, "refused");
        }
        int destination = entries.get(3).destination();
        assertEquals(0, scheduler.view().window(destination));
        send("a.example");
        deliver(entries.get(3));
        assertNull(scheduler.view().blockedBy(destination));
        assertEquals(1, poll().size());
        assertEquals(List.of(), sink.takeSuspended());
    }

    @Test
    void flushesEverything() {
        kill("a.example");
        send("b.example");
        defer(pollOne(), null);
        scheduler.commands().flush();
        List<Entry> entries = poll();
        assertEquals(2, entries.size(), "the probe of a.example, and b.example");
        assertEquals(List.of(), sink.takeSuspended());
    }

    @Test
    void flushesOneDestination() {
        int dead = kill("a.example");
        send("b.example");
        defer(pollOne(), null);
        scheduler.commands().flushDestination(dead);
        Entry probe = poll().get(0);
        assertEquals("a.example", scheduler.view().nextHopOf(probe.destination()));
        assertEquals(2, scheduler.view().readyCount(dead));
        assertEquals(1, scheduler.view().count(RecipientStatus.DEFERRED));
    }

    @Test
    void flushesOneMessage() {
        int message = send("a.example", "b.example");
        send("a.example");
        poll().forEach(entry -> defer(entry, null));
        scheduler.commands().flushMessage(message);
        assertEquals(List.of(1L, 1L), queueIds(poll()));
    }

    @Test
    void holdsAndReleases() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS.withConcurrency(1, 1), HOUR, HOUR));
        send("a.example");
        Entry entry = pollOne();
        int message = send("a.example", "b.example");
        defer(pollOne(), null);
        scheduler.commands().hold(message);
        assertEquals(2, scheduler.view().count(RecipientStatus.HELD));
        deliver(entry);
        assertEquals(List.of(), pollAfter(DAY));
        assertEquals(List.of(), sink.takeExpired(), "held: does not expire");
        scheduler.commands().release(message, nowNs);
        assertEquals(2, poll().size());
        assertEquals(List.of(), sink.takeExpired(), "the time of one attempt");
    }

    @Test
    void keepsDueTimesOverAHold() {
        int message = send("a.example");
        long dueNs = defer(pollOne(), null);
        scheduler.commands().hold(message);
        scheduler.commands().release(message, nowNs);
        nowNs = dueNs - 1;
        assertEquals(List.of(), poll());
        assertEquals(1, pollAfter(SECOND).size());
    }

    @Test
    void holdsWhatWasInFlightWhenItComesBack() {
        int message = send("a.example");
        Entry entry = pollOne();
        scheduler.commands().hold(message);
        defer(entry, null);
        assertEquals(
                RecipientStatus.HELD, scheduler.view().status(scheduler.view().firstRecipient(message)));
        assertEquals(List.of(), pollAfter(HOUR));
    }

    @Test
    void holdsRecipientsThatAreAddedToAHeldMessage() {
        int message = message();
        scheduler.commands().hold(message);
        scheduler.addReady(message, 0, scheduler.destination("smtp", "a.example"));
        assertEquals(List.of(), poll());
        scheduler.commands().release(message, nowNs);
        assertEquals(1, poll().size());
    }

    @Test
    void forgetsARemovedMessage() {
        int message = send("a.example", "b.example");
        assertEquals(message, scheduler.view().slotOf(1));
        scheduler.commands().remove(message);
        assertEquals(Scheduler.NONE, scheduler.view().slotOf(1));
        assertEquals(List.of(), poll());
        assertEquals(0, scheduler.view().messageCount() + scheduler.view().destinationCount());
        for (RecipientStatus status : RecipientStatus.values()) {
            assertEquals(0, scheduler.view().count(status));
        }
    }

    @Test
    void keepsTheSlotOfARemovedMessageUntilItsAttemptEnds() {
        int message = send("a.example", "b.example");
        List<Entry> entries = poll();
        scheduler.commands().remove(message);
        assertTrue(scheduler.view().isRemoved(message));
        assertNotEquals(message, send("c.example"));
        assertEquals(Scheduler.REMOVED, defer(entries.get(0), null));
        deliver(entries.get(1));
        assertFalse(scheduler.view().isRemoved(message));
        assertEquals(message, send("d.example"));
        assertEquals(1, scheduler.view().destinationCount() - 1);
    }

    @Test
    void expiresOnDemand() {
        int message = send("a.example", "b.example");
        List<Entry> entries = poll();
        defer(entries.get(0), null);
        scheduler.commands().expire(message);
        poll();
        assertEquals(List.of(new Expired(message, scheduler.view().firstRecipient(message))), sink.takeExpired());
        assertEquals("try later", scheduler.view().reasonOf(scheduler.view().firstRecipient(message)));
        assertEquals(Scheduler.EXPIRED, defer(entries.get(1), null));
    }

    @Test
    void triesOneByOne() {
        int message = message();
        scheduler.commands().tryOneByOne(message);
        int destination = scheduler.destination("smtp", "a.example");
        scheduler.addReady(message, 0, destination);
        scheduler.addReady(message, 1, destination);
        List<Entry> entries = poll();
        assertEquals(2, entries.size());
        assertEquals(1, entries.get(0).size());
    }

    @Test
    void triesOnce() {
        int message = send("a.example", "b.example");
        scheduler.commands().tryOnce(message);
        List<Entry> entries = poll();
        assertEquals(2, entries.size());
        assertEquals(List.of(), sink.takeExpired());
        assertEquals(Scheduler.EXPIRED, defer(entries.get(0), null));
        deliver(entries.get(1));
        assertTrue(scheduler.view().isDone(message));
        assertFalse(scheduler.view().isExpiring(message));
    }

    @Test
    void expiresAHeldMessageOnDemandWhenItIsReleased() {
        int message = send("a.example");
        scheduler.commands().hold(message);
        scheduler.commands().expire(message);
        assertEquals(List.of(), poll());
        assertEquals(List.of(), sink.takeExpired());
        scheduler.commands().release(message, nowNs);
        assertEquals(List.of(), poll());
        assertEquals(1, sink.takeExpired().size());
    }

    @Test
    void takesBackAnEntryAsIfNothingHadHappened() {
        send("a.example", "a.example");
        send("a.example");
        List<Entry> entries = poll();
        int destination = entries.get(0).destination();
        scheduler.giveBack(entries.get(1), nowNs);
        scheduler.giveBack(entries.get(0), nowNs);
        assertEquals(5, scheduler.view().window(destination));
        assertEquals(0, scheduler.view().inFlightCount(destination));
        List<Entry> again = poll();
        assertEquals(List.of(1L, 2L), queueIds(again));
        assertEquals(2, again.get(0).size());
        assertEquals(0, again.get(0).envelopeIndex(0));
    }

    @Test
    void refusesToSettleTwiceOrToFinishEarly() {
        send("a.example", "a.example");
        Entry entry = pollOne();
        scheduler.settleDone(entry, 0);
        assertThrows(IllegalStateException.class, () -> scheduler.settleDone(entry, 0));
        assertThrows(IllegalStateException.class, () -> scheduler.finish(entry, null, nowNs));
    }

    @Test
    void movesRecipientsToAnotherDestinationAndGivesBackTheRest() {
        int message = send("a.example", "a.example", "a.example");
        Entry entry = pollOne();
        int from = entry.destination();
        int to = scheduler.destination("relay", "b.example");
        scheduler.settleMoved(entry, 1, to, nowNs);
        long dueNs = scheduler.settleDeferred(entry, 2, nowNs, "no route");
        scheduler.giveBack(entry, nowNs);
        assertEquals(0, scheduler.view().inFlightCount(from));
        assertEquals(5, scheduler.view().window(from));
        List<Entry> again = poll();
        assertEquals(2, again.size());
        again.forEach(each -> assertEquals(each.destination() == from ? 0 : 1, each.envelopeIndex(0)));
        assertEquals(Set.of(from, to), again.stream().map(Entry::destination).collect(Collectors.toSet()));
        assertEquals(dueNs, scheduler.view().dueNs(scheduler.view().recipientAt(message, 2)));
    }

    @Test
    void forgetsADestinationThatItsLastRecipientLeaves() {
        send("a.example");
        Entry entry = pollOne();
        scheduler.settleMoved(entry, 0, scheduler.destination("smtp", "b.example"), nowNs);
        scheduler.giveBack(entry, nowNs);
        assertEquals(1, scheduler.view().destinationCount());
    }

    @Test
    void refusesIntakeBeyondTheLimitOnly() {
        scheduler = scheduler(with(TransportSettings.DEFAULTS, DAY, DAY));
        assertTrue(scheduler.hasRoom(1000));
        assertFalse(scheduler.hasRoom(1001));
        for (int i = 0; i < 1000; i++) {
            send("a.example");
        }
        assertFalse(scheduler.hasRoom(1));
        assertNotEquals(Scheduler.NONE, send("a.example"), "a bounce, or what was queued before");
        deliver(poll().get(0));
        deliver(poll().get(0));
        assertTrue(scheduler.hasRoom(1));
    }

    @Test
    void asksTheGateAndWaitsAsItSays() {
        List<String> calls = new ArrayList<>();
        BlockedBy slow = new BlockedBy("rate of provider x", START + 60 * SECOND);
        EntryGate gate = new EntryGate() {
            @Override
            public BlockedBy admit(Candidate candidate, long now) {
                calls.add("admit");
                return calls.size() == 1 ? slow : null;
            }

            @Override
            public void release(Entry entry, long now) {
                calls.add("release");
            }
        };
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        send("a.example");
        assertEquals(List.of(), poll());
        int destination = scheduler
                .view()
                .destinationOf(scheduler.view().firstRecipient(scheduler.view().slotOf(1)));
        assertEquals(slow, scheduler.view().blockedBy(destination));
        assertEquals(List.of(), pollAfter(30 * SECOND));
        assertEquals(List.of("admit"), calls, "nothing polls");
        deliver(pollAfter(31 * SECOND).get(0));
        assertEquals(List.of("admit", "admit", "release"), calls);
    }

    @Test
    void wakesWhatTheGateBlocksUntilAnEvent() {
        boolean[] open = {false};
        EntryGate gate = new EntryGate() {
            @Override
            public BlockedBy admit(Candidate candidate, long now) {
                return open[0] ? null : new BlockedBy("site", BlockedBy.UNTIL_EVENT);
            }

            @Override
            public void release(Entry entry, long now) {}
        };
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        int message = send("a.example");
        assertEquals(List.of(), poll());
        open[0] = true;
        assertEquals(List.of(), pollAfter(HOUR));
        scheduler.wake(scheduler.view().destinationOf(scheduler.view().firstRecipient(message)));
        assertEquals(1, poll().size());
    }

    /** Messages with an even queue id are a tenant's that has used up what it may have under way. */
    private static final class TenantGate implements EntryGate {
        private final List<Integer> waiting = new ArrayList<>();
        private final long untilNs;
        private boolean open;

        TenantGate(long untilNs) {
            this.untilNs = untilNs;
        }

        @Override
        public @Nullable BlockedBy admit(Candidate candidate, long now) {
            if (open || candidate.queueId() % 2 == 1) {
                return null;
            }
            waiting.add(candidate.job());
            return new BlockedBy("tenant 2", untilNs, BlockedBy.Scope.JOB);
        }

        @Override
        public void release(Entry entry, long now) {}
    }

    @Test
    void letsABlockedTenantWaitAloneUntilItIsWoken() {
        TenantGate gate = new TenantGate(BlockedBy.UNTIL_EVENT);
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        for (int i = 0; i < 4; i++) {
            send("a.example");
        }
        assertEquals(List.of(1L, 3L), queueIds(poll()));
        int recipient = scheduler.view().firstRecipient(scheduler.view().slotOf(2));
        assertEquals(RecipientStatus.READY, scheduler.view().status(recipient));
        assertEquals("tenant 2", scheduler.view().blockedByOf(recipient).reason());
        assertNull(scheduler.view().blockedBy(scheduler.view().destinationOf(recipient)), "the others may go");
        gate.open = true;
        assertEquals(List.of(), pollAfter(HOUR), "nothing polls");
        assertTrue(scheduler.wakeJob(gate.waiting.get(0)));
        assertFalse(scheduler.wakeJob(gate.waiting.get(0)), "it waits no more");
        assertEquals(List.of(2L), queueIds(poll()));
        assertNull(scheduler
                .view()
                .blockedByOf(scheduler.view().firstRecipient(scheduler.view().slotOf(2))));
    }

    @Test
    void asksForABlockedMessageAgainAtItsTime() {
        TenantGate gate = new TenantGate(START + 60 * SECOND);
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        send("a.example");
        send("a.example");
        assertEquals(List.of(1L), queueIds(poll()));
        gate.open = true;
        assertEquals(List.of(), pollAfter(59 * SECOND));
        assertTrue(scheduler.nextDeadlineNs() <= START + 61 * SECOND);
        assertEquals(List.of(2L), queueIds(pollAfter(2 * SECOND)));
    }

    @Test
    void forgetsABlockedMessageThatIsRemoved() {
        TenantGate gate = new TenantGate(BlockedBy.UNTIL_EVENT);
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        nextQueueId = 2;
        int message = send("a.example");
        assertEquals(List.of(), poll());
        scheduler.commands().remove(message);
        assertFalse(scheduler.wakeJob(gate.waiting.get(0)));
        poll();
        assertEquals(0, scheduler.view().destinationCount());
    }

    @Test
    void joinsABlockedMessage() {
        TenantGate gate = new TenantGate(BlockedBy.UNTIL_EVENT);
        scheduler = new Scheduler(SchedulerSettings.DEFAULTS, gate, 1, START);
        nextQueueId = 2;
        int message = message();
        int destination = scheduler.destination("smtp", "a.example");
        scheduler.addDeferred(message, 0, destination, 1, START + 10 * SECOND, "later");
        scheduler.addReady(message, 1, destination);
        assertEquals(List.of(), poll());
        assertEquals(List.of(), pollAfter(20 * SECOND));
        gate.open = true;
        scheduler.wakeJob(gate.waiting.get(0));
        assertEquals(2, pollOne().size());
    }

    @Test
    void takesNewLimitsOnReload() {
        int destination = scheduler.destination("smtp", "a.example");
        send("a.example");
        scheduler.reload(with(TransportSettings.DEFAULTS.withConcurrency(1, 2), DAY, DAY));
        assertEquals(2, scheduler.view().window(destination));
        assertEquals(1, scheduler.view().window(scheduler.destination("smtp", "b.example")));
    }

    @Test
    void saysWhenItHasSomethingToDo() {
        assertEquals(Long.MAX_VALUE, scheduler.nextDeadlineNs());
        int message = send("a.example");
        assertEquals(nowNs, scheduler.nextDeadlineNs());
        Entry entry = pollOne();
        long idle = scheduler.nextDeadlineNs();
        assertTrue(idle > nowNs, "only the lifetime is left");
        long dueNs = defer(entry, null);
        assertTrue(scheduler.nextDeadlineNs() <= dueNs + SECOND);
        scheduler.commands().remove(message);
        assertEquals(Long.MAX_VALUE, scheduler.nextDeadlineNs());
    }

    @Test
    void boundsTheWorkOfAPoll() {
        for (int i = 0; i < 100; i++) {
            send("site" + i + ".example");
        }
        int seen = 0;
        for (int i = 0; i < 10; i++) {
            scheduler.poll(nowNs, sink, 10);
            assertEquals(10, sink.takeEntries().size());
            seen += 10;
        }
        assertEquals(100, seen);
    }

    @Test
    void restoresWhatAJournalTells() {
        int message = send("a.example", "b.example", "c.example", "d.example");
        int destination = scheduler.view().destinationOf(scheduler.view().firstRecipient(message));
        int second = scheduler.view().recipientAt(message, 1);
        scheduler.commands().restoreDeferred(second, 3, nowNs + HOUR, "first");
        scheduler.commands().restoreDeferred(second, 4, nowNs + 2 * HOUR, "second");
        scheduler.commands().restoreDone(scheduler.view().recipientAt(message, 2));
        assertEquals(List.of("a.example", "d.example"), nextHops(poll()));
        assertEquals(List.of(), pollAfter(HOUR + SECOND));
        assertEquals(List.of("b.example"), nextHops(pollAfter(HOUR)));
        assertEquals(4, scheduler.view().attempts(second));
        assertEquals("second", scheduler.view().reasonOf(second));
        assertEquals("a.example", scheduler.view().nextHopOf(destination));
        assertEquals(Scheduler.NONE, scheduler.view().recipientAt(message, 4));
    }

    private List<String> nextHops(List<Entry> entries) {
        return entries.stream()
                .map(entry -> scheduler.view().nextHopOf(entry.destination()))
                .toList();
    }

    @Test
    void findsRecipientsByTheirPlaceInTheEnvelope() {
        int one = message();
        int other = message();
        int destination = scheduler.destination("smtp", "a.example");
        for (int i = 0; i < 20; i++) {
            scheduler.addReady(one, i, destination);
            scheduler.addReady(other, i, destination);
        }
        for (int i = 0; i < 20; i++) {
            int recipient = scheduler.view().recipientAt(other, i);
            assertEquals(i, scheduler.view().envelopeIndexOf(recipient));
            assertEquals(other, scheduler.view().messageOf(recipient));
        }
    }
}
